//! The service as a job: the work once, then the end.

use std::process::ExitCode;

use crate::app::App;
use crate::output;

/// Does the work once, prints what came of it and returns the exit code.
pub(crate) async fn run(app: &App) -> ExitCode {
    match app.stores.work(&app.settings.service, &app.host).await {
        Ok(report) => {
            output::line(&format!("job done: {report}"));
            ExitCode::SUCCESS
        }
        Err(report) => {
            output::error_line(&format!("job failed: {report}"));
            ExitCode::FAILURE
        }
    }
}

//! The life of the process: start, serve or do the job, end by signal, by switch or by itself.

use std::future::pending;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::app::App;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::switches::OwnExit;
use crate::{job, output, routes};

/// Runs until the end and returns the exit code.
pub(crate) async fn run(settings: Settings) -> ExitCode {
    let mut stop = match Stop::listen(settings.switches.ignore_sigterm) {
        Ok(stop) => stop,
        Err(error) => return failure(&format!("cannot listen for signals: {error}")),
    };
    let lines = settings.switches.log_lines;
    for number in 1..=lines {
        output::line(&format!("line {number} of {lines}"));
    }
    let own_exit = settings.switches.own_exit;
    // In this order, so that an exit after 0 ms comes before anything else.
    tokio::select! {
        biased;
        signal = stop.wait() => {
            output::line(&format!("stopping on {signal}"));
            ExitCode::SUCCESS
        }
        code = exit_unasked(own_exit) => {
            output::line(&format!("exiting by itself with code {code}"));
            ExitCode::from(code)
        }
        code = start(settings) => code,
    }
}

async fn exit_unasked(own_exit: Option<OwnExit>) -> u8 {
    let Some(OwnExit { after, code }) = own_exit else { return pending().await };
    if !after.is_zero() {
        sleep(after).await;
    }
    code
}

async fn start(settings: Settings) -> ExitCode {
    sleep(settings.switches.start_delay).await;
    let held = allocate(settings.switches.allocate_mb).await;
    let app = Arc::new(App::new(settings));
    let code = if app.settings.switches.job { job::run(&app).await } else { serve(app).await };
    black_box(held);
    code
}

/// Takes memory in pieces of 1 MiB and writes to all of it.
async fn allocate(megabytes: u32) -> Vec<Vec<u8>> {
    let mut held = Vec::new();
    for _ in 0..megabytes {
        held.push(black_box(vec![0xa5; 1 << 20]));
        // A signal must be able to end this too.
        tokio::task::yield_now().await;
    }
    if megabytes > 0 {
        output::line(&format!("allocated {megabytes} MiB"));
    }
    held
}

async fn serve(app: Arc<App>) -> ExitCode {
    let port = app.settings.port;
    let bound = TcpListener::bind(("0.0.0.0", port)).await;
    let (listener, address) = match bound.and_then(|listener| Ok((listener.local_addr()?, listener))) {
        Ok((address, listener)) => (listener, address),
        Err(error) => return failure(&format!("cannot listen on port {port}: {error}")),
    };
    output::line(&format!("listening on {address} as {}, {}", app.settings.service, app.stores.describe()));
    match axum::serve(listener, routes::router(app)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&format!("cannot serve: {error}")),
    }
}

fn failure(reason: &str) -> ExitCode {
    output::error_line(&format!("error: {reason}"));
    ExitCode::FAILURE
}

//! From arguments to exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use tokio::runtime::Builder;

use crate::arguments::Request;
use crate::settings::{self, Settings};
use crate::{health_check, output, service};

/// The exit code of a wrong argument or environment.
const WRONG_USE: u8 = 2;

/// Does what the arguments (without the program's name) and the environment ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Request::parse(arguments) {
        Ok(Request::Help) => done(include_str!("help.txt").trim_end()),
        Ok(Request::Version) => done(concat!("sample-service ", env!("CARGO_PKG_VERSION"))),
        Ok(Request::Health) => match settings::port(|name| std::env::var_os(name)) {
            Ok(port) => health_check::run(port),
            Err(problems) => wrong_use(&problems),
        },
        Ok(Request::Serve) => match Settings::read(|name| std::env::var_os(name)) {
            Ok(settings) => serve(settings),
            Err(problems) => wrong_use(&problems),
        },
        Err(unknown) => wrong_use(&[unknown.to_string()]),
    }
}

fn serve(settings: Settings) -> ExitCode {
    let runtime = match Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error_line(&format!("error: cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(service::run(settings));
    // Not waited for: a name lookup may still block a thread for seconds.
    runtime.shutdown_background();
    code
}

fn done(text: &str) -> ExitCode {
    output::line(text);
    ExitCode::SUCCESS
}

fn wrong_use(problems: &[String]) -> ExitCode {
    for problem in problems {
        output::error_line(&format!("error: {problem}"));
    }
    ExitCode::from(WRONG_USE)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use crate::settings::Settings;

    #[test]
    fn help_and_readme_name_every_variable_that_is_read() {
        let names = RefCell::new(Vec::new());
        let lookup = |name: &str| {
            names.borrow_mut().push(name.to_owned());
            None
        };
        Settings::read(lookup).expect("the defaults are valid");
        assert!(!names.borrow().is_empty());
        for name in names.borrow().iter() {
            assert!(include_str!("help.txt").contains(&format!("  {name}")), "--help: {name}");
            assert!(include_str!("../README.md").contains(&format!("`{name}`")), "README.md: {name}");
        }
    }
}

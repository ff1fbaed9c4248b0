//! One run: parse, settle, carry out; the only place that prints an error or picks an exit code.

use std::ffi::OsString;

use crate::cli::{self, value::OutputValue};
use crate::commands::{self, Session};
use crate::env_vars::Environment;
use crate::error::Error;
use crate::report::mode::{Colour, Output};
use crate::report::{Failure, Problem, Streams, error as show_error};
use crate::settings::{Settings, surroundings};

/// Carries out a command line, the program's name first; the exit code.
pub fn run(arguments: Vec<OsString>) -> u8 {
    let environment = Environment::of_process();
    let surroundings = surroundings(&environment);
    let (colour, output) = cli::peek(&arguments);
    let early = Streams::of_process(colour.map_or(Colour::Auto, Colour::from), surroundings);
    let parsed = match cli::parse(arguments) {
        Ok(parsed) => parsed,
        Err(answer) if answer.code != 0 && output == Some(OutputValue::Json) => {
            return fail(&early, Output::Json, &Failure::new(answer.code, answer.plain, None));
        }
        Err(answer) => {
            let stream = if answer.code == 0 { &early.out } else { &early.err };
            let text = if stream.colour { &answer.coloured } else { &answer.plain };
            let _ = stream.print(text);
            return answer.code;
        }
    };
    let output = output.map_or(Output::Text, Output::from);
    let here = match std::env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            return fail(&early, output, &Failure::new(2, format!("the current folder: {error}"), None));
        }
    };
    let settings = match Settings::resolve(parsed, &environment, &here) {
        Ok(settings) => settings,
        Err(error) => return fail(&early, output, &Failure::new(2, error.to_string(), None)),
    };
    let mut streams = Streams::of_process(settings.colour, surroundings);
    if settings.command.leaves_output() {
        streams = streams.without_output();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&streams, settings.output, &Failure::new(1, error.to_string(), None)),
    };
    let output = settings.output;
    let (result, unwritten, finished) = runtime.block_on(async {
        let mut session = Session::new(settings, streams.clone());
        let at_once = session.interrupt().at_once();
        let result = tokio::select! {
            result = commands::run(&mut session) => result,
            by = at_once => Err(session.end_at_once(by)),
        };
        (result, session.unwritten, session.finished)
    });
    runtime.shutdown_background();
    match result {
        Ok(()) => match unwritten {
            None => 0,
            Some(error) => {
                fail(&streams, output, &Failure::new(3, format!("standard output: {error}"), None))
            }
        },
        Err(Error::Exit(code)) => code,
        Err(error) => {
            let failure = failure(&error, finished && output == Output::Text);
            if failure.problems.is_empty() { failure.code } else { fail(&streams, output, &failure) }
        }
    }
}

fn fail(streams: &Streams, output: Output, failure: &Failure) -> u8 {
    let _ = show_error(streams, output, failure);
    failure.code
}

/// What is to be shown of an error; `told`: the reporter has shown the screens of failed components, or that the user
/// interrupted.
fn failure(error: &Error, told: bool) -> Failure {
    let (code, hint) = (error.exit_code(), error.hint());
    let simple = |message| Problem { message, ..Problem::default() };
    let problems = match error.bare() {
        Error::Input(input) => input.problems.iter().map(commands::problem).collect(),
        Error::Ports(taken) => taken.conflicts.iter().map(commands::conflict).collect(),
        _ => error.messages(told).into_iter().map(simple).collect(),
    };
    Failure { code, problems, hint }
}

//! `scripts/bench` without the shell around it: 0 every bound holds, 1 one is missed, 2 nothing could be measured.

use std::io::Write;
use std::process::ExitCode;

use gw_bench::arguments::Arguments;
use gw_bench::engine::Engine;
use gw_bench::figures::Bound;
use gw_bench::{Result, project, report, rounds, spend};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let ended = match words.split_first() {
        Some((word, rest)) if word == spend::WORD => spend::between(rest).map(|()| true),
        _ => measure(words),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures and prints; whether every bound holds.
fn measure(words: Vec<String>) -> Result<bool> {
    let arguments = Arguments::parse(words)?;
    let engine = Engine::at(std::env::var("DOCKER_HOST").ok().as_deref())?;
    let folder = std::env::temp_dir().join(format!("gw-bench-{}", std::process::id()));
    let measured = rounds::measure(&arguments, &engine, &folder);
    // Whatever happened, nothing of the bench stays.
    let cleaned = project::clean(&engine);
    let _ = std::fs::remove_dir_all(&folder);
    let figures = measured?;
    cleaned?;
    write!(std::io::stdout(), "{}", report::text(&figures))?;
    if let Some(path) = &arguments.json {
        std::fs::write(path, serde_json::to_string_pretty(&figures.json())? + "\n")?;
    }
    Ok(figures.bounds().iter().all(Bound::holds))
}

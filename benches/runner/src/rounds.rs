//! The measuring itself: everybody in turns, each from the same state.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::arguments::Arguments;
use crate::contender::{Compose, Contender, Gw};
use crate::engine::Engine;
use crate::figures::{Figures, What};
use crate::recipe::Recipe;
use crate::recorder::Recorder;
use crate::requests::Requests;
use crate::{Result, gateway, machine, project, render, spend};

/// The engine ends shims and frees networks after it has answered: the next one does not pay for that.
const SETTLE: Duration = Duration::from_millis(500);

/// Measures everything.
///
/// # Errors
/// Anything failed: figures of something that does not work are none.
pub fn measure(arguments: &Arguments, engine: &Engine, folder: &Path) -> Result<Figures> {
    let mut figures = Figures { machine: machine::describe(engine)?, ..Figures::default() };
    let host = format!("unix://{}", engine.socket().display());
    let stack = folder.join("stack");
    copy(&arguments.benches.join("stack"), &stack)?;
    let gw = Gw { program: arguments.gw.clone(), folder: stack, host: host.clone() };
    let recipe = observe(&gw, engine, folder, &mut figures)?;
    let mut contenders = vec![Contender::Limit(recipe), Contender::Gw(gw.clone())];
    for config in [None, Some(arguments.compose.clone())] {
        let version = machine::compose_version(config.as_ref())?;
        for (file, words) in [("probes-100ms.yaml", "100 ms"), ("probes-1s.yaml", "1 s")] {
            let files = [rendered(&gw.folder)?, arguments.benches.join(file)];
            let name = format!("Compose {version}, probes each {words}");
            contenders.push(Contender::Compose(Compose {
                name,
                config: config.clone(),
                files,
                host: host.clone(),
            }));
        }
    }
    figures.names = contenders.iter().map(|one| one.name().to_owned()).collect();
    for round in 1..=arguments.rounds {
        for contender in &contenders {
            let seconds = turn(contender, engine, &mut figures)?;
            say(&format!("round {round} of {}: {}{seconds}", arguments.rounds, contender.name()));
        }
        contenders.rotate_left(1);
    }
    rendering(arguments, &gw, folder, &mut figures)?;
    Ok(figures)
}

/// Runs gw once behind the recorder: what it asks, what it takes, and what it makes.
fn observe(gw: &Gw, engine: &Engine, folder: &Path, figures: &mut Figures) -> Result<Recipe> {
    let recorder = Recorder::start(&folder.join("recorder"), engine.socket())?;
    let gw = Gw { host: recorder.host(), ..gw.clone() };
    let note = folder.join("peak");
    project::clean(engine)?;
    let mut recipe = Recipe::default();
    for (command, name) in [("up", "up"), ("up", "up, nothing to do"), ("down", "down")] {
        let bytes = spend::peak(&gw.command(&[command]), &note)?;
        let requests = recorder.take();
        if name == "up" {
            recipe = Recipe::read(&requests, &project::containers(engine)?)?;
        }
        figures.memory.push((name.to_owned(), bytes));
        figures.requests.push((name.to_owned(), Requests::of(&requests)));
        say(&format!("gw {name}: {} requests, {bytes} bytes", requests.len()));
    }
    Ok(recipe)
}

/// One contender, from nothing to nothing; what it took, in words.
fn turn(contender: &Contender, engine: &Engine, figures: &mut Figures) -> Result<String> {
    let mut words = String::new();
    let mut timed = |what: What, work: &dyn Fn() -> Result<()>| -> Result<()> {
        let begin = Instant::now();
        work().map_err(|error| format!("{}, {}: {error}", contender.name(), what.words()))?;
        let seconds = begin.elapsed().as_secs_f64();
        figures.note(what, contender.name(), seconds);
        let _ = write!(words, ", {} {seconds:.2} s", what.words());
        Ok(())
    };
    project::clean(engine)?;
    std::thread::sleep(SETTLE);
    timed(What::Up, &|| contender.up(engine))?;
    gateway::wait()?;
    if contender.looks_first() {
        timed(What::Again, &|| contender.up(engine))?;
    }
    let since = project::now();
    timed(What::Down, &|| contender.down(engine))?;
    project::expect_clean_end(engine, since).map_err(|error| format!("{}: {error}", contender.name()))?;
    project::expect_gone(engine).map_err(|error| format!("{}: {error}", contender.name()))?;
    Ok(words)
}

fn rendering(arguments: &Arguments, gw: &Gw, folder: &Path, figures: &mut Figures) -> Result<()> {
    let mut inputs = Vec::new();
    for services in render::SIZES {
        let gw = Gw { folder: folder.join(format!("render-{services}")), ..gw.clone() };
        render::input(&gw.folder, services)?;
        inputs.push((services, gw));
    }
    for _ in 0..arguments.rounds {
        for (services, gw) in &inputs {
            figures.render.entry(*services).or_default().push(render::seconds(gw)?);
        }
    }
    for (services, gw) in &inputs {
        let bytes = spend::peak(&gw.command(&["generate"]), &folder.join("peak"))?;
        say(&format!("{services} services rendered: {bytes} bytes"));
    }
    Ok(())
}

/// The file that gw rendered: an image map of the command line has it elsewhere.
fn rendered(folder: &Path) -> Result<PathBuf> {
    let places = [".gw/generated", "generated"].map(|place| folder.join(place).join("bench/compose.yaml"));
    places.into_iter().find(|file| file.is_file()).ok_or_else(|| "gw rendered no compose.yaml".into())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Progress, on standard error.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "bench: {text}");
}

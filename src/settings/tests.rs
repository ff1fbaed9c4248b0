//! Which of argument, variable and default wins, and where the project's folder is found.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::command::{
    Build, Env, Exec, Format, Fresh, Generate, Import, Isolation, Logs, Moment, Orphans, Place, Run, Timing,
    Up,
};
use super::*;
use crate::cli::parse;
use crate::report::timeline;

const NOTHING: [(&str, &str); 0] = [];

fn resolve<const N: usize>(
    line: &str,
    variables: [(&str, &str); N],
    here: &Path,
) -> Result<Settings, SettingsError> {
    match parse(std::iter::once("gw").chain(line.split_whitespace())) {
        Ok(cli) => Settings::resolve(cli, &Environment::of(variables), here),
        Err(answer) => panic!("`gw {line}`: {}", answer.plain),
    }
}

fn settings<const N: usize>(line: &str, variables: [(&str, &str); N]) -> Settings {
    match resolve(line, variables, Path::new("/")) {
        Ok(settings) => settings,
        Err(error) => panic!("`gw {line}`: {error}"),
    }
}

fn command(line: &str) -> Command {
    settings(line, NOTHING).command
}

#[test]
fn an_argument_beats_a_variable_and_a_variable_the_default() {
    assert_eq!(settings("up", NOTHING).profile, "default");
    assert_eq!(settings("up", [("GW_PROFILE", "test")]).profile, "test");
    assert_eq!(settings("up", [("GW_PROFILE", "")]).profile, "default");
    assert_eq!(settings("up -p combo", [("GW_PROFILE", "test")]).profile, "combo");
    assert_eq!(settings("up", [("GW_OUTPUT", "json")]).output, Output::Json);
    assert_eq!(settings("up -o text", [("GW_OUTPUT", "json")]).output, Output::Text);
    assert_eq!(settings("-o text up", [("GW_OUTPUT", "nonsense")]).output, Output::Text);
    assert_eq!(settings("up", [("GW_IMAGE_MAP", "a.json")]).image_map, Some(PathBuf::from("/a.json")));
    let both = settings("up --image-map b.json", [("GW_IMAGE_MAP", "a.json")]);
    assert_eq!(both.image_map, Some(PathBuf::from("/b.json")));
}

#[test]
fn an_isolated_run_is_named_by_the_option_then_the_variable() {
    let isolation = |line: &str, id: &str| settings(line, [("GW_ISOLATED", id)]).isolation;
    let named = |id: &str| Isolation::Named(id.to_owned());
    assert_eq!(isolation("up", ""), Isolation::None);
    assert_eq!(isolation("up --isolated", ""), Isolation::Unnamed);
    assert_eq!(isolation("up --isolated=a", ""), named("a"));
    assert_eq!(isolation("up --isolated=a", "b"), named("a"));
    assert_eq!(isolation("down --isolated", "b"), named("b"));
    assert_eq!(isolation("status", "b"), named("b"));
    assert_eq!(isolation("generate", "b"), Isolation::None, "a command that does not know it");
    let error = resolve("status", [("GW_ISOLATED", "B")], Path::new("/")).map_err(|error| error.to_string());
    let said = "GW_ISOLATED is \"B\"; it takes at most 32 lower-case letters, digits and `-`, a letter or digit first";
    assert_eq!(error, Err(said.to_owned()));
}

#[test]
fn a_command_is_what_stands_after_the_dashes() {
    let run = Run {
        services: vec!["auth".to_owned()],
        keep_on_failure: true,
        report: Some(PathBuf::from("/out")),
        command: ["ls", "-l", "--", "x"].map(str::to_owned).to_vec(),
        ..Run::default()
    };
    assert_eq!(command("run auth --keep-on-failure --report out -- ls -l -- x"), Command::Run(run));
}

#[test]
fn a_variable_with_a_wrong_value_is_named() {
    let error = resolve("up", [("GW_OUTPUT", "yaml")], Path::new("/")).map_err(|error| error.to_string());
    assert_eq!(error, Err("GW_OUTPUT is \"yaml\"; it takes text or json".to_owned()));
}

#[test]
fn all_profiles_and_one_profile_exclude_each_other_but_only_where_both_were_typed() {
    let error = resolve("generate --all -p test", NOTHING, Path::new("/"));
    assert_eq!(
        error.map_err(|error| error.to_string()).err().as_deref(),
        Some("`--all` and `--profile` exclude each other")
    );
    let generate = settings("generate --all", [("GW_PROFILE", "test")]).command;
    assert_eq!(generate, Command::Generate(Generate { all: true, check: false }));
}

#[test]
fn the_project_is_the_nearest_folder_upwards_that_holds_profiles() {
    let base = std::env::temp_dir()
        .canonicalize()
        .expect("a folder for tests")
        .join(format!("gw-settings-{}", std::process::id()));
    let deep = base.join("project/a/b");
    std::fs::create_dir_all(&deep).expect("a folder");
    std::fs::create_dir_all(base.join("project/profiles")).expect("a folder");
    let root = |line: &str, here: &Path| resolve(line, NOTHING, here).map(|settings| settings.root);
    assert_eq!(root("up", &deep), Ok(base.join("project")));
    assert_eq!(root("up", &base.join("project")), Ok(base.join("project")));
    assert_eq!(root("up -C project", &base), Ok(base.join("project")));
    assert_eq!(root("-C ../.. up", &deep), Ok(base.join("project")));
    assert_eq!(root("up", &base), Ok(base.clone()), "where there is none, it is the current folder");
    let missing = root("up -C nowhere", &base).map_err(|error| error.to_string());
    assert_eq!(missing, Err("there is no folder nowhere".to_owned()));
    std::fs::remove_dir_all(&base).expect("the folder goes");
}

#[test]
fn flags_become_values() {
    assert_eq!(settings("-q up", NOTHING).verbosity, Verbosity::Quiet);
    assert_eq!(settings("up --verbose", NOTHING).verbosity, Verbosity::Verbose);
    assert_eq!(settings("up", NOTHING).verbosity, Verbosity::Normal);
    assert_eq!(settings("up", NOTHING).colour, Colour::Auto);
    assert_eq!(settings("up --color always", NOTHING).colour, Colour::Always);
    assert_eq!(settings("logs --no-color", NOTHING).colour, Colour::Never);
    let up = Up { services: vec!["auth".into()], build: true, orphans: Orphans::Keep, ..Up::default() };
    assert_eq!(command("up -d --build --keep-orphans auth"), Command::Up(up));
    assert_eq!(command("up --remove-orphans"), Command::Up(Up { orphans: Orphans::Remove, ..Up::default() }));
    assert_eq!(command("up --take-over"), Command::Up(Up { take_over: true, ..Up::default() }));
    assert_eq!(command("fresh --take-over"), Command::Fresh(Fresh { take_over: true, ..Fresh::default() }));
    let build = Build { services: Vec::new(), no_cache: true, pull: true, dry_run: false };
    assert_eq!(command("build --pull --no-cache"), Command::Build(build));
    let logs = Logs {
        since: Some(Moment::Ago(Duration::from_secs(60))),
        until: Some(Moment::At(0)),
        tail: Some(5),
        prefix: true,
        ..Logs::default()
    };
    assert_eq!(command("logs --since 1m --until 1970-01-01 -n 5"), Command::Logs(logs));
    assert_eq!(command("logs --no-prefix"), Command::Logs(Logs { prefix: false, ..Logs::default() }));
}

#[test]
fn an_imported_file_is_named_from_the_current_folder_or_is_standard_input() {
    let import = |file, dry_run| Command::Import(Import { file, here: PathBuf::from("/"), dry_run });
    assert_eq!(command("import a/b.yaml"), import(Some(PathBuf::from("/a/b.yaml")), false));
    assert_eq!(command("import --dry-run -"), import(None, true));
}

#[test]
fn a_timeline_is_checked_before_anything_is_done() {
    let timing = |line: &str| {
        let command = resolve(line, NOTHING, &std::env::temp_dir()).map(|settings| settings.command);
        command.map(|command| command.timing().cloned()).map_err(|error| error.to_string())
    };
    let file = |name: &str, format| Some((PathBuf::from(name), format));
    let budget = Some(Duration::from_secs(90));
    let wish = |timeline, budget| Ok(Some(Timing { timeline, budget }));
    assert_eq!(timing("up --timeline up.svg"), wish(file("up.svg", timeline::Format::Svg), None));
    let both = "fresh --budget 1m30s --timeline ./a.HTML";
    assert_eq!(timing(both), wish(file("./a.HTML", timeline::Format::Html), budget));
    assert_eq!(timing("up"), wish(None, None));
    assert_eq!(timing("down"), Ok(None));
    let wrong = |line: &str| timing(line).err();
    let expected = "`--timeline up.png`: a file that ends in .svg, .html or .json is expected";
    assert_eq!(wrong("up --timeline up.png").as_deref(), Some(expected));
    assert_eq!(
        wrong("fresh --timeline no/where/up.svg").as_deref(),
        Some("there is no folder no/where for `--timeline no/where/up.svg`")
    );
    assert_eq!(
        wrong("up --timeline /no-such/up.svg").as_deref(),
        Some("there is no folder /no-such for `--timeline /no-such/up.svg`")
    );
    let folder = std::env::temp_dir().join(format!("gw-timeline-{}.svg", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder");
    let taken = wrong(&format!("up --timeline {}", folder.display()));
    assert_eq!(taken, Some(format!("`--timeline {}`: that is a folder", folder.display())));
    std::fs::remove_dir(&folder).expect("the folder goes");
}

#[test]
fn exec_runs_in_a_container_that_runs_or_in_a_new_one() {
    let exec = |container: Place, terminal: bool| {
        Command::Exec(Exec {
            service: "auth".into(),
            command: vec!["ls".into()],
            terminal,
            user: None,
            environment: Vec::new(),
            working_dir: None,
            container,
        })
    };
    assert_eq!(command("exec auth ls"), exec(Place::Running(1), true));
    assert_eq!(command("exec -T --index 3 auth ls"), exec(Place::Running(3), false));
    assert_eq!(command("exec --new auth -- ls"), exec(Place::New, true));
}

#[test]
fn env_is_written_as_asked() {
    let format = |line: &str| match command(line) {
        Command::Env(Env { format, .. }) => format,
        other => panic!("{other:?}"),
    };
    assert_eq!(format("env"), Format::Shell);
    assert_eq!(format("env -o json"), Format::Json);
    assert_eq!(format("env -o json --format dotenv"), Format::Dotenv);
}

#[test]
fn the_environment_decides_about_colours_as_others_do() {
    let of = |variables: [(&str, &str); 1]| surroundings(&Environment::of(variables));
    let colours = |variables, terminal| Colour::Auto.applies(terminal, of(variables));
    let plain = ("TERM", "xterm");
    assert!(colours([plain], true));
    assert!(!colours([plain], false));
    assert!(!colours([("NO_COLOR", "1")], true));
    assert!(colours([("NO_COLOR", "")], true));
    assert!(!colours([("CLICOLOR", "0")], true));
    assert!(colours([("CLICOLOR_FORCE", "1")], false));
    assert!(!colours([("CLICOLOR_FORCE", "0")], false));
    assert!(!colours([("TERM", "dumb")], true));
    let both = surroundings(&Environment::of([("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    assert!(!Colour::Auto.applies(true, both));
    assert!(Colour::Always.applies(false, both));
    assert!(!Colour::Never.applies(true, of([("CLICOLOR_FORCE", "1")])));
    assert_eq!(of([("COLUMNS", "120")]).columns, Some(120));
    assert_eq!(of([("COLUMNS", "wide")]).columns, None);
}

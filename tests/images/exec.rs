//! Commands in containers: their streams, their exit codes, their terminal.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bollard::models::ContainerCreateBody;
use gw::engine::docker::exec::{ExecFailure, ExecOptions, NewContainer, new_container, run};
use gw::engine::docker::exec_streams::Streams;
use tokio::sync::mpsc::{self, Sender};

use crate::engine::{Place, base, docker, output};

const CHILD: &str = "IMG_EXEC_CHILD";

fn start(place: &Place) -> String {
    output(&["run", "--detach", "--init", "--name", &place.name, &base(), "sleep", "600"])
}

/// Takes bytes and shows them as text.
#[derive(Clone, Default)]
struct Sheet(Arc<Mutex<Vec<u8>>>);

impl Sheet {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("the sheet")).into_owned()
    }
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the sheet").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Nobody listens.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn streams() -> (Streams, Sender<Vec<u8>>, Sheet, Sheet) {
    let (sender, receiver) = mpsc::channel(4);
    let (out, err) = (Sheet::default(), Sheet::default());
    (Streams::new(receiver, Box::new(out.clone()), Box::new(err.clone())), sender, out, err)
}

fn shell(script: &str) -> ExecOptions {
    ExecOptions { command: ["sh", "-c", script].map(str::to_owned).to_vec(), ..ExecOptions::default() }
}

/// Exit code, output and errors of a command without input.
async fn ran(id: &str, options: &ExecOptions) -> (i64, String, String) {
    let (streams, _, out, err) = streams();
    let code = run(&docker(), id, options, streams, std::future::pending()).await.expect("an exit code");
    (code, out.text(), err.text())
}

#[tokio::test]
async fn exit_code_and_both_streams_come_back() {
    let place = Place::new("exec");
    let id = start(&place);
    let options = ExecOptions {
        user: Some("65534:65534".to_owned()),
        env: vec!["GREETING=hello".to_owned()],
        workdir: Some("/tmp".to_owned()),
        // The streams of a test are no terminal.
        tty: true,
        ..shell("echo $GREETING $(id -u) $(pwd); echo trouble >&2; test -t 1 || exit 42")
    };
    assert_eq!(ran(&id, &options).await, (42, "hello 65534 /tmp\n".to_owned(), "trouble\n".to_owned()));
    let (code, _, _) = ran(&id, &shell("true")).await;
    assert_eq!(code, 0);
    let (code, _, _) = ran(&id, &shell("kill -9 $$")).await;
    assert_eq!(code, 137);
}

#[tokio::test]
async fn commands_that_cannot_run_say_so() {
    let place = Place::new("none");
    let id = start(&place);
    for (command, word) in
        [("no-such-command", "executable file not found"), ("/etc/passwd", "permission denied")]
    {
        let options = ExecOptions { command: vec![command.to_owned()], ..ExecOptions::default() };
        let (code, out, err) = ran(&id, &options).await;
        assert!(format!("{out}{err}").contains(word), "{command}: {out}{err}");
        let dockers = crate::engine::run(&["exec", &id, command]).status.code().map(i64::from);
        assert_eq!(Some(code), dockers, "as `docker exec` has it");
        assert!((126..=127).contains(&code));
    }
    let (streams_of, ..) = streams();
    let missing =
        run(&docker(), "img-no-such-container", &shell("true"), streams_of, std::future::pending()).await;
    assert!(matches!(missing, Err(ExecFailure::NoContainer(_))), "{missing:?}");
    output(&["stop", "--time", "1", &id]);
    let (streams_of, ..) = streams();
    let stopped = run(&docker(), &id, &shell("true"), streams_of, std::future::pending()).await;
    assert!(matches!(stopped, Err(ExecFailure::NotRunning(_))), "{stopped:?}");
}

#[tokio::test]
async fn input_is_piped_and_its_end_arrives() {
    let place = Place::new("input");
    let id = start(&place);
    let (streams, sender, out, _) = streams();
    let send = async move {
        for _ in 0..100 {
            sender.send(vec![b'x'; 10_000]).await.expect("the command reads");
        }
        drop(sender);
    };
    let options = ExecOptions { interactive: true, ..shell("wc -c; exit 3") };
    let docker = docker();
    let (code, ()) = tokio::join!(run(&docker, &id, &options, streams, std::future::pending()), send);
    assert_eq!((code.expect("an exit code"), out.text().trim()), (3, "1000000"));
}

#[tokio::test]
async fn nobody_reading_and_interrupting_end_it() {
    let place = Place::new("ends");
    let id = start(&place);
    let (_sender, receiver) = mpsc::channel(1);
    let closed = Streams::new(receiver, Box::new(Closed), Box::new(Closed));
    let code = run(&docker(), &id, &shell("yes"), closed, std::future::pending()).await;
    assert_eq!(code.expect("a code"), 141);
    let (streams, ..) = streams();
    let soon = tokio::time::sleep(Duration::from_millis(500));
    let interrupted = run(&docker(), &id, &shell("sleep 60"), streams, soon).await;
    assert!(matches!(interrupted, Err(ExecFailure::Interrupted)), "{interrupted:?}");
}

fn made(name: Option<&str>) -> NewContainer {
    NewContainer { name: name.map(str::to_owned), body: body(), archive: Vec::new() }
}

fn body() -> ContainerCreateBody {
    ContainerCreateBody {
        image: Some(base()),
        // An empty word takes the image's own entry point away, as `docker run --entrypoint ""` does.
        entrypoint: Some(vec![String::new()]),
        env: Some(vec!["A=a".to_owned(), "B=b".to_owned()]),
        ..ContainerCreateBody::default()
    }
}

fn is_gone(place: &Place) -> bool {
    output(&["ps", "--all", "--quiet", "--filter", &format!("name={}", place.name)]).is_empty()
}

#[tokio::test]
async fn container_of_its_own_runs_the_command_and_goes() {
    let place = Place::new("own");
    let (streams_of, sender, out, err) = streams();
    let options = ExecOptions {
        interactive: true,
        env: vec!["B=mine".to_owned()],
        ..shell("read line; echo $A $B $line; echo trouble >&2; exit 5")
    };
    sender.send(b"typed\n".to_vec()).await.expect("room");
    let docker = docker();
    let name = Some(place.name.as_str());
    let code = new_container(&docker, made(name), &options, streams_of, std::future::pending()).await;
    assert_eq!(code.expect("an exit code"), 5);
    assert_eq!((out.text().as_str(), err.text().as_str()), ("a mine typed\n", "trouble\n"));
    assert!(is_gone(&place));

    let (streams_of, _, _, err) = streams();
    let none = ExecOptions { command: vec!["no-such-command".to_owned()], ..ExecOptions::default() };
    let code = new_container(&docker, made(name), &none, streams_of, std::future::pending()).await;
    assert_eq!(code.expect("an exit code"), 127);
    assert!(err.text().contains("executable file not found"), "{}", err.text());
    assert!(is_gone(&place));

    let (streams_of, ..) = streams();
    let soon = tokio::time::sleep(Duration::from_secs(1));
    let ended = new_container(&docker, made(name), &shell("sleep 60"), streams_of, soon).await;
    assert!(matches!(ended, Err(ExecFailure::Interrupted)), "{ended:?}");
    assert!(is_gone(&place));

    let (streams_of, ..) = streams();
    let options = shell("sleep 60");
    let dropped = new_container(&docker, made(name), &options, streams_of, std::future::pending());
    assert!(tokio::time::timeout(Duration::from_secs(1), dropped).await.is_err());
    let removed = tokio::time::timeout(Duration::from_secs(30), async {
        while !is_gone(&place) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    removed.await.expect("the container goes");
}

/// In a terminal made by util-linux's `script`, which is on every Debian.
#[tokio::test]
async fn terminal_is_the_commands_and_then_the_users_again() {
    if let Ok(id) = std::env::var(CHILD) {
        return in_terminal(&id).await;
    }
    let place = Place::new("terminal");
    let id = start(&place);
    let own = std::env::current_exe().expect("this binary");
    let test = "exec::terminal_is_the_commands_and_then_the_users_again";
    let script = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("{} --exact {test} --nocapture", own.display()))
        .arg("/dev/null")
        .env(CHILD, &id)
        .stdin(Stdio::null())
        .output()
        .expect("script runs");
    let shown = String::from_utf8_lossy(&script.stdout);
    assert!(script.status.success(), "{shown}");
    for part in ["33 77\r\n", "40 100\r\n", "exec ended with 7", "the own container ended with 8"] {
        assert!(shown.contains(part), "no {part:?} in {shown}");
    }
}

fn say(text: &str) {
    writeln!(std::io::stdout(), "{text}").expect("a terminal");
}

async fn in_terminal(id: &str) {
    let stty = |arguments: &[&str]| {
        let output =
            Command::new("stty").args(arguments).stdin(Stdio::inherit()).output().expect("stty runs");
        assert!(output.status.success(), "stty {arguments:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    stty(&["rows", "33", "cols", "77"]);
    let before = stty(&["--save"]);
    let script = "stty size; trap 'stty size; exit 7' WINCH; while true; do sleep 0.1; done";
    let options = ExecOptions { tty: true, interactive: true, ..shell(script) };
    let docker = docker();
    let resize = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_ne!(stty(&["--save"]), before, "raw while the command runs");
        stty(&["rows", "40", "cols", "100"]);
    };
    let (code, ()) =
        tokio::join!(run(&docker, id, &options, Streams::of_process(), std::future::pending()), resize);
    say(&format!("exec ended with {}", code.expect("an exit code")));
    assert_eq!(stty(&["--save"]), before, "as it was");
    let options = ExecOptions { tty: true, ..shell("test -t 1 && exit 8") };
    let name = format!("{}-own", docker.inspect_container(id, None).await.expect("it").name.expect("a name"));
    let name = name.trim_start_matches('/');
    let own =
        new_container(&docker, made(Some(name)), &options, Streams::of_process(), std::future::pending())
            .await;
    say(&format!("the own container ended with {}", own.expect("an exit code")));
    assert_eq!(stty(&["--save"]), before, "as it was");
}

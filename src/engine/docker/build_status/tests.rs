//! Traces as BuildKit sends them, and the classic builder's text.

use bollard::moby::buildkit::v1::{StatusResponse, Vertex, VertexLog, VertexStatus};
use bollard::models::{BuildInfo, ProgressDetail};

use super::BuildStatus;
use crate::event::EventKind;

fn vertex(digest: &str, name: &str) -> Vertex {
    Vertex {
        digest: digest.to_owned(),
        name: name.to_owned(),
        started: Some(Vertex::default().started.unwrap_or_default()),
        ..Vertex::default()
    }
}

fn log(vertex: &str, stream: i64, text: &str) -> VertexLog {
    VertexLog { vertex: vertex.to_owned(), stream, msg: text.into(), timestamp: None }
}

fn told(events: &[EventKind]) -> Vec<String> {
    let words = events.iter().map(|event| match event {
        EventKind::Progress { text, current: Some(current), total: Some(total), .. } => {
            format!("{text} {current}/{total}")
        }
        EventKind::Progress { text, .. } => text.clone(),
        EventKind::BuildOutput { line, .. } => format!("> {line}"),
        other => format!("{other:?}"),
    });
    words.collect()
}

#[test]
fn trace_becomes_steps_and_lines() {
    let mut status = BuildStatus::new("x");
    let first = StatusResponse {
        vertexes: vec![
            vertex("a", "[internal] load build definition from Dockerfile"),
            vertex("b", "[1/2] RUN make"),
            Vertex { started: None, ..vertex("c", "[2/2] COPY a b") },
        ],
        logs: vec![log("b", 1, "one\ntw"), log("b", 2, "other"), log("b", 1, "o\n10%\r20%\r30%\n")],
        ..StatusResponse::default()
    };
    assert_eq!(told(&status.trace(&first)), ["[1/2] RUN make", "> one", "> two", "> 30%"]);
    let second = StatusResponse {
        vertexes: vec![
            vertex("b", "[1/2] RUN make"),
            Vertex { cached: true, started: None, ..vertex("c", "[2/2] COPY a b") },
            Vertex { error: "context canceled".to_owned(), ..vertex("d", "[other] RUN sleep") },
            Vertex { error: "exit code: 1".to_owned(), ..vertex("b", "[1/2] RUN make") },
        ],
        ..StatusResponse::default()
    };
    assert_eq!(told(&status.trace(&second)), ["[2/2] COPY a b (cached)", "[other] RUN sleep"]);
    assert_eq!(told(&status.end()), ["> other"]);
    assert_eq!(status.failed_step().as_deref(), Some("[1/2] RUN make"));
    assert_eq!(status.last_lines(), ["one", "two", "30%", "other"]);
}

#[test]
fn layers_of_a_base_are_summed_up() {
    let mut status = BuildStatus::new("x");
    let layer = |id: &str, current, total| VertexStatus {
        id: id.to_owned(),
        vertex: "a".to_owned(),
        current,
        total,
        ..VertexStatus::default()
    };
    let trace = StatusResponse {
        vertexes: vec![vertex("a", "[1/1] FROM base")],
        statuses: vec![layer("l1", 5, 10), layer("l2", 0, 30), layer("extracting", 0, 0)],
        ..StatusResponse::default()
    };
    assert_eq!(
        told(&status.trace(&trace)),
        ["[1/1] FROM base", "[1/1] FROM base 5/10", "[1/1] FROM base 5/40"]
    );
}

#[test]
fn only_the_last_lines_are_kept() {
    let mut status = BuildStatus::new("x");
    for number in 0..100 {
        status
            .trace(&StatusResponse { logs: vec![log("a", 1, &format!("{number}\n"))], ..Default::default() });
    }
    let last = status.last_lines();
    assert_eq!((last.len(), last[0].as_str(), last[39].as_str()), (40, "60", "99"));
}

#[test]
fn classic_text_becomes_steps_and_lines() {
    let mut status = BuildStatus::new("x");
    let stream = |text: &str| BuildInfo { stream: Some(text.to_owned()), ..BuildInfo::default() };
    assert_eq!(
        told(&status.classic(&stream("Step 1/2 : FROM base\n"))),
        ["Step 1/2 : FROM base", "> Step 1/2 : FROM base"]
    );
    let pull = BuildInfo {
        status: Some("Downloading".to_owned()),
        progress_detail: Some(ProgressDetail { current: Some(1), total: Some(2) }),
        ..BuildInfo::default()
    };
    assert_eq!(told(&status.classic(&pull)), ["Downloading 1/2"]);
    assert_eq!(told(&status.classic(&stream(" ---> 0123\n"))), [">  ---> 0123"]);
    assert_eq!(told(&status.classic(&stream("\u{1b}[91mbroken\n"))), ["> broken"]);
    assert_eq!(told(&status.classic(&stream("\u{1b}[0m"))), [] as [&str; 0]);
    assert_eq!(status.failed_step().as_deref(), Some("Step 1/2 : FROM base"));
    assert_eq!(told(&status.end()), [] as [&str; 0]);
}

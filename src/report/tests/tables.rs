//! Tables and their JSON twins.

use crate::plan::standing::Lag;
use crate::report::error::Problem;
use crate::report::mode::Output;
use crate::report::streams::Streams;
use crate::report::view::{
    Check, ComponentHealth, ComponentStatus, Doctor, Garbage, GarbageRow, Health, Leader, PortRow, Ports,
    ProfileRow, Profiles, Readiness, Status, TemplateRow, Templates, Verdict, View, show,
};

fn on(width: Option<usize>, colour: bool, output: Output, view: &impl View) -> (String, String) {
    let (mut streams, captured) = Streams::in_memory();
    streams.out.terminal = width.is_some();
    streams.out.width = width.unwrap_or(10);
    streams.out.colour = colour;
    show(&streams, output, view).expect("memory takes it");
    (captured.out(), captured.err())
}

fn text(view: &impl View) -> String {
    on(None, false, Output::Text, view).0
}

fn json(view: &impl View) -> String {
    on(None, true, Output::Json, view).0
}

fn status() -> Status {
    let row =
        |component: &str, role: &str, state: &str, ready, ports: &[&str], image: &str| ComponentStatus {
            component: component.to_owned(),
            owner: None,
            role: role.to_owned(),
            state: state.to_owned(),
            ready,
            ports: ports.iter().map(|port| (*port).to_owned()).collect(),
            image: image.to_owned(),
            since_seconds: Some(200),
        };
    let ports = ["127.0.0.1:9001->9001/tcp", "127.0.0.1:9101->9101/tcp"];
    let mut mongodb = row("mongodb", "mongodb", "running", Readiness::NotReady, &[], "mongo:8.0");
    mongodb.owner = Some("default".to_owned());
    let mut kyc = row("kyc", "service", "absent", Readiness::Absent, &[], "");
    kyc.since_seconds = None;
    Status {
        profile: "combo".to_owned(),
        project: "combo".to_owned(),
        components: vec![
            row("auth", "service", "running", Readiness::Ready, &ports, "ms-auth"),
            mongodb,
            kyc,
        ],
        notes: Vec::new(),
    }
}

#[test]
fn status_shows_what_runs_whole_where_there_is_no_terminal() {
    let expected = "\
COMPONENT             ROLE     STATE    HEALTH     PORTS                                               IMAGE      SINCE
auth                  service  running  ready      127.0.0.1:9001->9001/tcp, 127.0.0.1:9101->9101/tcp  ms-auth    3 min ago
mongodb (of default)  mongodb  running  not ready  -                                                   mongo:8.0  3 min ago
kyc                   service  absent   absent     -                                                   -          -
";
    assert_eq!(text(&status()), expected);
    let row = concat!(
        r#"{"version":1,"profile":"combo","project":"combo","components":[{"component":"auth","owner":null,"#,
        r#""role":"service","state":"running","ready":"ready","#,
        r#""ports":["127.0.0.1:9001->9001/tcp","127.0.0.1:9101->9101/tcp"],"image":"ms-auth","since_seconds":200},"#
    );
    assert!(json(&status()).starts_with(row), "{}", json(&status()));
    assert_eq!(json(&status()).lines().count(), 1);
}

#[test]
fn a_narrow_terminal_cuts_what_may_be_cut() {
    let expected = "\
COMPONENT             ROLE     STATE    HEALTH     PORTS              IMAGE      SINCE
auth                  service  running  ready      127.0.0.1:9001->\u{2026}  ms-auth    3 min ago
mongodb (of default)  mongodb  running  not ready  -                  mongo:8.0  3 min ago
kyc                   service  absent   absent     -                  -          -
";
    let (out, _) = on(Some(90), false, Output::Text, &status());
    assert_eq!(out, expected);
    let (out, _) = on(Some(20), false, Output::Text, &status());
    assert!(out.contains("mongodb (of default)"), "names stay whole: {out}");
}

#[test]
fn colours_do_not_move_columns() {
    let (coloured, _) = on(Some(200), true, Output::Text, &status());
    assert!(coloured.contains("\u{1b}[32mready\u{1b}[0m      127"), "{coloured:?}");
    assert_eq!(console::strip_ansi_codes(&coloured), text(&status()));
}

#[test]
fn an_empty_table_is_said_in_words_and_is_still_json() {
    let status = Status { components: Vec::new(), ..status() };
    let said = "nothing runs of profile combo (project combo)\n";
    assert_eq!(on(None, false, Output::Text, &status), (String::new(), said.to_owned()));
    let object =
        "{\"version\":1,\"profile\":\"combo\",\"project\":\"combo\",\"components\":[],\"notes\":[]}\n";
    assert_eq!(on(None, false, Output::Json, &status), (object.to_owned(), String::new()));
}

#[test]
fn health_shows_probe_answer_latency_and_role() {
    let row =
        |component: &str, ready, probe: &str, answer: &str, latency_ms, role: Option<&str>| ComponentHealth {
            component: component.to_owned(),
            owner: None,
            ready,
            probe: probe.to_owned(),
            answer: answer.to_owned(),
            latency_ms,
            since_seconds: Some(5),
            role: role.map(ToOwned::to_owned),
            lag: None,
        };
    let mut health = Health {
        profile: "shared".to_owned(),
        project: "shared".to_owned(),
        components: vec![
            row("auth", Readiness::Ready, "GET /health", "200", Some(1.234), None),
            row("mongo-primary", Readiness::Ready, "ping", "ok, 3 members", Some(1204.0), Some("primary")),
            row("kyc", Readiness::Failed, "GET /health", "\u{65e5}\u{672c} refused", None, None),
        ],
        leaders: vec![Leader { role: "primary".to_owned(), member: Some("shared-mongo-primary".to_owned()) }],
    };
    let expected = "\
COMPONENT      HEALTH  PROBE        ANSWER         LATENCY  SINCE    ROLE
auth           ready   GET /health  200            1.2 ms   5 s ago  -
mongo-primary  ready   ping         ok, 3 members  1.2 s    5 s ago  primary
kyc            failed  GET /health  \u{65e5}\u{672c} refused   -        5 s ago  -
primary: shared-mongo-primary
";
    assert_eq!(text(&health), expected);
    health.components.truncate(2);
    health.components.push(ComponentHealth {
        lag: Some(Lag::Bytes(1200)),
        ..row("redis-replica-1", Readiness::Ready, "PING", "PONG", Some(1.0), Some("replica"))
    });
    health.leaders.push(Leader { role: "master".to_owned(), member: None });
    let expected = "\
COMPONENT        HEALTH  PROBE        ANSWER         LATENCY  SINCE    ROLE     BEHIND
auth             ready   GET /health  200            1.2 ms   5 s ago  -
mongo-primary    ready   ping         ok, 3 members  1.2 s    5 s ago  primary
redis-replica-1  ready   PING         PONG           1.0 ms   5 s ago  replica  1.2 kB
primary: shared-mongo-primary
master: none
";
    assert_eq!(text(&health), expected);
    assert!(json(&health).contains(r#""role":"replica","lag":{"bytes":1200}}"#), "{}", json(&health));
}

#[test]
fn ports_show_both_sides() {
    let row = |component: &str, note: Option<&str>| PortRow {
        component: component.to_owned(),
        owner: None,
        inside: format!("{component}:27017"),
        host: "127.0.0.1:27019".to_owned(),
        note: note.map(ToOwned::to_owned),
    };
    let mut ports =
        Ports { profile: "p".to_owned(), project: "p".to_owned(), ports: vec![row("mongodb", None)] };
    let expected = "COMPONENT  INSIDE         HOST\nmongodb    mongodb:27017  127.0.0.1:27019\n";
    assert_eq!(text(&ports), expected);
    ports.ports[0].note = Some("primary".to_owned());
    assert!(text(&ports).ends_with("127.0.0.1:27019  primary\n"), "{}", text(&ports));
}

#[test]
fn profiles_show_their_mistakes_and_which_is_chosen() {
    let row = |name: &str, problems| ProfileRow {
        name: name.to_owned(),
        chosen: name == "default",
        project: Some("ms".to_owned()),
        gateway: Some(9999),
        description: Some("Day-to-day development".to_owned()),
        borrows_from: None,
        mongodb: Some("single".to_owned()),
        redis: None,
        services: vec!["auth".to_owned(), "kyc".to_owned()],
        ports: vec![6379, 9001, 9002, 9003],
        problems,
    };
    let mut combo = row("combo", Vec::new());
    combo.borrows_from = Some("default".to_owned());
    combo.gateway = None;
    let broken = row("broken", vec![Problem { message: "is empty".to_owned(), ..Problem::default() }]);
    let profiles = Profiles { profiles: vec![broken, combo, row("default", Vec::new())] };
    let expected = "\
PROFILE    PROJECT  GATEWAY  DESCRIPTION
broken     ms       9999     1 mistake: gw -p broken generate --check shows them
combo      ms       -        Day-to-day development (borrows from default)
default *  ms       9999     Day-to-day development
";
    assert_eq!(text(&profiles), expected);
    let expected = "\
| profile | project | MongoDB | Redis | services | gateway | ports | for |
|---|---|---|---|---|---|---|---|
| `combo` | `ms` | single | none | auth, kyc | none | 6379, 9001-9003 | Day-to-day development |
| `default` | `ms` | single | none | auth, kyc | 9999 | 6379, 9001-9003 | Day-to-day development |
";
    assert_eq!(profiles.markdown(), expected);
}

#[test]
fn doctor_says_what_to_do_below_the_table() {
    let check = |check: &str, verdict, found: &str, advice: Option<&str>| Check {
        check: check.to_owned(),
        verdict,
        found: found.to_owned(),
        advice: advice.map(ToOwned::to_owned),
    };
    let doctor = Doctor {
        checks: vec![
            check("engine", Verdict::Ok, "28.3.2", None),
            check("buildkit", Verdict::Fail, "absent", Some("install docker-buildx")),
        ],
    };
    let expected = "\
CHECK           FOUND
engine    ok    28.3.2
buildkit  fail  absent
buildkit: install docker-buildx
";
    assert_eq!(text(&doctor), expected);
    assert_eq!(doctor.worst(), Verdict::Fail);
}

#[test]
fn templates_show_where_they_come_from() {
    let row = |name: &str, file: Option<&str>| TemplateRow {
        name: name.to_owned(),
        overridden_by: file.map(ToOwned::to_owned),
    };
    let templates = Templates { templates: vec![row("a", None), row("b", Some("templates/b"))] };
    assert_eq!(text(&templates), "TEMPLATE  FROM\na         gw\nb         templates/b\n");
}

#[test]
fn garbage_is_listed_with_sizes_and_how_to_remove_it() {
    let row = |checkout: &str, kind: &str, name: &str, bytes| GarbageRow {
        checkout: checkout.to_owned(),
        project: "ms".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        running: kind == "container",
        bytes,
        killed: false,
    };
    let things = vec![
        row("/home/me/old", "container", "ms-auth-1", Some(12)),
        row("/home/me/old", "network", "ms_default", None),
        row("/home/you/ms", "volume", "ms_redis", Some(210_000_000)),
    ];
    let garbage = Garbage { things, notes: Vec::new(), only_listed: true };
    let expected = "\
CHECKOUT      PROJECT  WHAT             NAME        SIZE
/home/me/old  ms       container, runs  ms-auth-1   12 B
/home/me/old  ms       network          ms_default  -
/home/you/ms  ms       volume           ms_redis    210.0 MB
3 things of 2 checkouts that are gone, 210.0 MB; `gw gc --yes` removes them
";
    assert_eq!(text(&garbage), expected);
    let garbage = Garbage { things: garbage.things[..1].to_vec(), only_listed: false, ..garbage };
    assert!(text(&garbage).ends_with("\n1 thing of 1 checkout that is gone, 12 B\n"), "{}", text(&garbage));
    let object = r#"{"version":1,"things":[{"checkout":"/home/me/old","project":"ms","kind":"container","name":"ms-auth-1","running":true,"bytes":12}],"notes":[]}"#;
    assert_eq!(json(&garbage), format!("{object}\n"));
    let nothing = Garbage { things: Vec::new(), ..garbage };
    let said = on(None, false, Output::Text, &nothing).1;
    assert_eq!(
        said,
        "nothing to collect: no checkout of this host that is gone left anything on this engine\n"
    );
}

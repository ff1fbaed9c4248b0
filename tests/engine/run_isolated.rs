//! Isolated runs: project, network, ports, data and images of their own; named, found, and taken away without a trace.

use serde_json::json;

use crate::harness::{Project, get, sample};
use crate::run::{begin, end, project};
use crate::second::SecondEngine;

/// Everything on the engine whose project is this one or an isolated run of it, and every file of a run.
pub(crate) fn traces(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    let begins = format!("{}-", project.name);
    let format = "{{.Label \"com.docker.compose.project\"}} {{.Name}}";
    let names = "{{.Label \"com.docker.compose.project\"}} {{.Names}}";
    for (what, format) in
        [(&["ps", "-a"][..], names), (&["network", "ls"], format), (&["volume", "ls"], format)]
    {
        let listed = project.docker(&[what, &["--format", format]].concat());
        assert_eq!(listed.code, 0, "{}", listed.stderr);
        found.extend(listed.stdout.lines().filter(|line| line.starts_with(&begins)).map(str::to_owned));
    }
    let images = project.docker(&["images", "--format", "{{.Repository}}"]).stdout;
    found.extend(images.lines().filter(|line| line.starts_with(&begins)).map(str::to_owned));
    let files = project.files().into_keys();
    let of_a_run =
        |file: &String| file.contains(".gw/runs/") || file.contains(&begins) || file.ends_with(".isolated");
    found.extend(files.filter(of_a_run));
    found
}

/// An isolated run beside the stack itself: other ports, read back from the engine, and no trace of it afterwards.
#[test]
fn a_run_beside_the_stack() {
    let project = project();
    project.expect(0, &["up"]);
    let before = project.ids(["auth", "redis"]);
    let gw = env!("CARGO_BIN_EXE_gw");
    let script = format!(
        "{gw} ports; {gw} health > /dev/null && {gw} --output json status && {gw} env --format json && echo $AUTH_URL"
    );
    let run = end(begin(&project, &["--isolated"], &script));
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    let url = run.stdout.lines().last().expect("an address");
    let port = url.rsplit(':').next().expect("a port");
    assert_ne!(port, project.port.to_string());
    assert!(run.stdout.contains(&format!("127.0.0.1:{port}\n")), "gw ports has it: {}", run.stdout);
    let shown = format!("127.0.0.1:{port}->{}/tcp", project.port);
    assert!(run.stdout.contains(&shown), "gw status has it: {}", run.stdout);
    assert!(run.stdout.contains(&format!("\"AUTH_URL\":\"{url}\"")), "gw env has it: {}", run.stdout);
    assert_eq!(project.ids(["auth", "redis"]), before, "the stack itself is untouched");
    assert_eq!(traces(&project), Vec::<String>::new());
}

/// `up --isolated=ID` stays until it is taken down; status finds it, views and down name it, and down takes data and images too.
#[test]
fn a_run_that_stays_is_named_by_its_id() {
    let project = project();
    let port = project.port;
    project.dockerfile("app", "one");
    let mut built = sample(port, json!({ "build": { "context": "app" } }));
    built.as_object_mut().expect("a service is an object").remove("image");
    let services = json!({
        "infrastructure": { "redis": { "auth": true, "port": port + 1 } }, "services": { "auth": built },
    });
    project.write("services.json", &services.to_string());
    let up = project.expect(0, &["up", "--isolated=blue"]);
    assert!(
        up.stderr.contains("note: isolated run blue: `gw down --isolated=blue` takes it down"),
        "{}",
        up.stderr
    );
    assert_eq!(project.containers(), Vec::<String>::new());
    let blue = format!("{}-blue", project.name);
    assert!(project.files().contains_key(".gw/runs/blue/default/compose.yaml"));
    let status = project.view(0, &["status"]);
    let said = format!(
        "isolated runs, each for `--isolated=ID`: blue (project {blue} of profile default (2 containers, 1 network, 1 volume))"
    );
    assert_eq!(status["notes"], json!([said]));
    let again = project.expect(0, &["up", "--isolated=blue"]);
    assert!(again.stderr.contains(&format!("up {blue}: done")), "{}", again.stderr);
    assert!(!again.stderr.contains("create container"), "{}", again.stderr);

    // The only one need not be named.
    let ports = project.view(0, &["ports", "auth", "--isolated"]);
    let host = ports["ports"][0]["host"].as_str().expect("it is published");
    let published: u16 = host.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    assert_ne!(published, port);
    assert_eq!(get(published, "/health", &[]).0, 200);
    project.expect(0, &["up", "--isolated=green"]);
    let which = project.expect(2, &["down", "--isolated"]);
    let said = "error: which isolated run is meant? --isolated=blue (profile default), --isolated=green (profile default)\n";
    assert_eq!(which.stderr, said);
    let unknown = project.expect(2, &["health", "--isolated=red"]);
    assert!(
        unknown.stderr.starts_with("error: there is no isolated run red: --isolated=blue"),
        "{}",
        unknown.stderr
    );
    project.expect(0, &["down", "--isolated=green"]);
    project.expect(0, &["health", "--isolated=blue"]);
    project.expect(0, &["down", "--isolated"]);
    assert_eq!(traces(&project), Vec::<String>::new());
    project.expect(0, &["down", "--isolated=blue"]);
}

/// What a profile borrows comes up in the same run: a combo's owner is not needed, and not touched.
#[test]
fn what_is_borrowed_is_of_the_same_run() {
    let project = project();
    let port = project.port;
    let kyc = json!({ "infrastructure": {}, "services": { "kyc": sample(port + 2, json!({
        "env": { "REDIS_URL": "${redis.url}" }, "dependsOn": ["redis"],
    })) } });
    project.write("kyc.json", &kyc.to_string());
    let combo = json!({ "services": "../kyc.json", "sharedInfra": "default", "gateway": { "port": port + 3, "default": "kyc" } });
    project.further("combo", &combo);
    let script = "curl -sf $KYC_URL/work && curl -sf $GATEWAY_URL/health";
    let run = end(begin(&project, &["-p", "combo", "--isolated=c", "--report", "out"], script));
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    let files = project.files();
    for name in ["kyc.log", "compose.yaml", "default/redis.log", "default/compose.yaml"] {
        assert!(files.contains_key(&format!("out/{name}")), "{name}: {:?}", files.keys());
    }
    let junit = String::from_utf8_lossy(&files["out/junit.xml"]);
    for case in [
        "classname=\"default\" name=\"redis\"",
        "classname=\"combo\" name=\"kyc\"",
        "classname=\"combo\" name=\"gateway\"",
    ] {
        assert!(junit.contains(case), "{junit}");
    }
    assert!(run.stderr.contains(&format!("remove volume {}-c_redis", project.name)), "{}", run.stderr);
    assert!(
        !run.stderr.contains(&format!("container {}-c-auth-1", project.name)),
        "only what is borrowed: {}",
        run.stderr
    );
    assert_eq!(traces(&project), Vec::<String>::new());
}

/// What two runs would both want is refused before anything is made, with everything that it is.
#[test]
fn what_cannot_be_isolated_is_refused() {
    let project = project();
    let port = project.port;
    let fixed = json!({ "compose": { "ports": [{ "mode": "ingress", "target": port, "published": port.to_string(), "protocol": "tcp" }] } });
    project.services(&json!({ "auth": sample(port, fixed) }));
    let refused = project.expect(3, &["up", "--isolated"]);
    let said = format!("error: profile default cannot run isolated: auth publishes port {port}\n");
    assert!(refused.stderr.starts_with(&said), "{}", refused.stderr);
    assert_eq!(traces(&project), Vec::<String>::new());
}

/// A run whose gw was killed is what `gw gc` removes; one that is up, kept or at work is not.
#[test]
fn gc_removes_what_killed_runs_left() {
    // gc looks at everything on an engine, so this one is the test's own.
    let engine = SecondEngine::start();
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) })).on(&engine.host());
    project.expect(0, &["up", "--isolated=up"]);
    let kept = end(begin(&project, &["--isolated=kept", "--keep-on-failure"], "exit 1"));
    assert_eq!(kept.code, 1, "{}", kept.stderr);
    let mut killed = begin(&project, &["--isolated=killed"], "kill -9 $PPID");
    killed.wait().expect("gw was killed");
    let script = format!("{} gc --yes", env!("CARGO_BIN_EXE_gw"));
    let run = end(begin(&project, &["--isolated=at-work"], &script));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains(&format!("{}-killed-auth-1", project.name)), "{}", run.stdout);
    assert!(run.stdout.contains(" of 1 killed run, "), "{}", run.stdout);
    let left: Vec<String> = traces(&project).into_iter().filter(|trace| trace.contains("killed")).collect();
    assert_eq!(left, Vec::<String>::new());
    for id in ["up", "kept"] {
        project.expect(0, &["health", &format!("--isolated={id}")]);
    }
    project.expect(0, &["down", "--isolated", "--all"]);
    assert_eq!(traces(&project), Vec::<String>::new());
}

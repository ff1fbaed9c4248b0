//! What gw asks the engine, read from the wire.

use gw_bench::engine::Engine;
use gw_bench::recorder::Recorder;
use gw_bench::requests::Requests;
use serde_json::json;

use crate::harness::{Project, SAMPLE};

/// While gw waits it asks the engine nothing: no run asks the same question twice, however long a service takes.
#[test]
fn no_question_is_asked_twice_however_long_a_service_takes() {
    let engine = Engine::at(std::env::var("DOCKER_HOST").ok().as_deref()).expect("an engine behind a socket");
    let folder = std::env::temp_dir().join(format!("gw-quiet-{}", std::process::id()));
    let recorder = Recorder::start(&folder, engine.socket()).expect("the recorder listens");
    let project = Project::of(|port| {
        let ready = json!({ "http": "/health" });
        let env = json!({ "PORT": "${self.port}", "SAMPLE_START_DELAY_MS": "3000" });
        json!({
            "late": { "image": SAMPLE, "port": port, "env": env, "ready": ready },
            "next": { "image": SAMPLE, "port": port + 1, "env": { "PORT": "${self.port}" },
                      "ready": ready, "dependsOn": ["late"] },
        })
    })
    .on(&recorder.host());
    for (arguments, least) in [(["up"], 10), (["up"], 5), (["down"], 8)] {
        project.expect(0, &arguments);
        let asked = recorder.take();
        assert!(asked.len() >= least, "gw {arguments:?} goes through the recorder: {asked:?}");
        let requests = Requests::of(&asked);
        assert!(requests.repeated.is_empty(), "gw {arguments:?}: {:?}", requests.repeated);
    }
}

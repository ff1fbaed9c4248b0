//! A container's name that is taken when it is to be created: by what a killed run of this checkout left, or by another.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gw::engine::backend::{Done, Engine, Trouble};
use gw::engine::docker::labels::Stamp;
use gw::engine::docker::{DockerEngine, connect};
use gw::plan::desired::{Component, Container, Desired, Probe, Role};
use gw::plan::operation::Operation;

use crate::engine::{Place, base, output};

/// An engine that works in the name of the checkout in `path`, on a project with the service `auth`.
async fn engine(place: &Place, path: &str) -> DockerEngine {
    let container = Container {
        image: base(),
        command: Some(["sleep", "600"].map(str::to_owned).to_vec()),
        network_mode: Some("none".to_owned()),
        ..Container::default()
    };
    let auth = Component {
        name: "auth".to_owned(),
        role: Role::Service,
        replicas: 1,
        depends_on: BTreeMap::new(),
        optional: [].into(),
        restarts_with: [].into(),
        probe: Probe::None,
        deadline: Duration::from_secs(60),
        build: None,
        container,
        hash: "h1".to_owned(),
    };
    let desired = Desired {
        project: place.name.clone(),
        components: [("auth".to_owned(), auth)].into(),
        ..Desired::default()
    };
    let found = connect::find(|name| std::env::var(name).ok()).expect("an engine");
    let connection = connect::connect(found).await.expect("it answers");
    let stamp = Stamp {
        owner: "a1".to_owned(),
        path: path.to_owned(),
        host: "laptop".to_owned(),
        file: String::new(),
        folder: String::new(),
        run: None,
    };
    DockerEngine::new(&connection, Arc::new(desired), stamp)
}

async fn create(engine: &DockerEngine) -> Result<Done, Trouble> {
    let operation = Operation::CreateContainer { component: "auth".to_owned(), number: 1 };
    engine.perform(&operation, &[], &(Arc::new(|_| ()) as _)).await
}

fn id(place: &Place) -> String {
    output(&["inspect", "--format", "{{.Id}}", &format!("{}-auth-1", place.name)])
}

/// What a killed run asked the engine for, and the engine made after the next run had looked, gives its name back.
#[tokio::test]
async fn what_a_killed_run_asked_for_last_is_replaced() {
    let place = Place::new("name-ours");
    let engine = engine(&place, "/home/me/ms").await;
    assert_eq!(create(&engine).await, Ok(Done::Changed));
    let before = id(&place);
    assert_eq!(create(&engine).await, Ok(Done::Changed));
    assert_ne!(id(&place), before);
}

/// A container of another checkout, and one that runs, keep their names, and the run ends with a conflict.
#[tokio::test]
async fn what_is_anothers_or_runs_keeps_its_name() {
    let place = Place::new("name-theirs");
    let theirs = engine(&place, "/home/you/ms").await;
    assert_eq!(create(&theirs).await, Ok(Done::Changed));
    let before = id(&place);
    let ours = engine(&place, "/home/me/ms").await;
    let refused = create(&ours).await;
    assert!(
        matches!(&refused, Err(Trouble::Conflict(message)) if message.contains("already in use")),
        "{refused:?}"
    );
    output(&["start", &before]);
    let refused = create(&theirs).await;
    assert!(matches!(refused, Err(Trouble::Conflict(_))), "{refused:?}");
    assert_eq!(id(&place), before);
}

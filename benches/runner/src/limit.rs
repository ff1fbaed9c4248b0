//! The limit and the floor: plain API calls, everything at once, nothing waits for anything but the engine.

use std::sync::OnceLock;
use std::thread;

use crate::engine::Engine;
use crate::recipe::{Item, Recipe};
use crate::recorder::Request;
use crate::{Result, gateway};

/// Makes and starts everything at once; returns when the gateway's last route answers.
///
/// # Errors
/// The engine refuses.
pub fn up(engine: &Engine, recipe: &Recipe) -> Result<()> {
    let linked = OnceLock::new();
    thread::scope(|scope| {
        let networks = scope.spawn(|| {
            let made = recipe.networks.iter().try_for_each(|network| send(engine, network));
            let _ = linked.set(());
            made
        });
        let containers: Vec<_> = recipe
            .containers
            .iter()
            .map(|item| {
                let linked = &linked;
                scope.spawn(move || run(engine, recipe, item, linked))
            })
            .collect();
        for thread in containers.into_iter().chain(Some(networks)) {
            thread.join().map_err(|_| "a thread of the limit panicked")??;
        }
        Ok(())
    })
    .and_then(|()| gateway::wait())
}

/// One container; only its start needs the network.
fn run(engine: &Engine, recipe: &Recipe, item: &Item, linked: &OnceLock<()>) -> Result<()> {
    let body = String::from_utf8_lossy(&item.create.body);
    for volume in &recipe.volumes {
        let wanted: serde_json::Value = serde_json::from_slice(&volume.body)?;
        if wanted["Name"].as_str().is_some_and(|name| body.contains(&format!("\"{name}\""))) {
            send(engine, volume)?;
        }
    }
    send(engine, &item.create)?;
    item.files.iter().try_for_each(|files| send(engine, files))?;
    linked.wait();
    engine.expect("POST", &format!("/v1.44/containers/{}/start", item.name), b"", &[]).map(|_| ())
}

fn send(engine: &Engine, request: &Request) -> Result<()> {
    let answer = engine.send(&request.method, &request.target, &request.kind, &request.body)?;
    if answer.status < 400 {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    Err(format!("{}: {} {said}", request.question(), answer.status).into())
}

/// Stops and removes everything at once, each as its own settings say, then the networks. Volumes stay.
///
/// # Errors
/// The engine refuses.
pub fn down(engine: &Engine, recipe: &Recipe) -> Result<()> {
    thread::scope(|scope| {
        let stops: Vec<_> = recipe
            .containers
            .iter()
            .map(|item| {
                scope.spawn(move || {
                    engine.stop(&item.name)?;
                    engine.remove(&format!("/containers/{}?force=1&v=1", item.name))
                })
            })
            .collect();
        for stop in stops {
            stop.join().map_err(|_| "a thread of the floor panicked")??;
        }
        Ok::<(), crate::Error>(())
    })?;
    for network in &recipe.networks {
        let wanted: serde_json::Value = serde_json::from_slice(&network.body)?;
        engine.remove(&format!("/networks/{}", wanted["Name"].as_str().unwrap_or_default()))?;
    }
    Ok(())
}

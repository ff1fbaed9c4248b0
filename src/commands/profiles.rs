//! `profiles`: what there is to run, also what has mistakes.

use std::collections::BTreeMap;
use std::path::Path;

use super::session::Session;
use crate::error::Error;
use crate::profile::model::{MongoDbMode, Profile, RedisMode};
use crate::profile::{self, Summary};
use crate::report::Problem;
use crate::report::view::{ProfileRow, Profiles};
use crate::stack::model::Role;
use crate::stack::{Inputs, build};

/// Lists the profiles; with `markdown` as a table for a page.
///
/// # Errors
/// There is no folder `profiles`.
pub(super) fn profiles(session: &mut Session, markdown: bool) -> Result<(), Error> {
    let (chosen, root) = (session.settings.profile.clone(), session.settings.root.clone());
    let rows = profile::list(&root)?.into_iter().map(|summary| row(&root, summary, &chosen));
    let view = Profiles { profiles: rows.collect() };
    if markdown && !session.is_json() {
        session.print(&view.markdown());
    } else {
        session.show(&view);
    }
    Ok(())
}

fn row(root: &Path, summary: Summary, chosen: &str) -> ProfileRow {
    // What has mistakes has been read already; the others are read again for what they run.
    let whole = Some(()).filter(|()| summary.problems.is_empty());
    let profile = whole.and_then(|()| profile::load(root, &summary.name).ok());
    let (services, ports) = profile.as_ref().map(runs).unwrap_or_default();
    ProfileRow {
        chosen: summary.name == chosen,
        name: summary.name,
        project: summary.project,
        gateway: summary.gateway_port,
        description: summary.description,
        borrows_from: summary.borrows_from,
        mongodb: profile.as_ref().and_then(mongodb),
        redis: profile.as_ref().and_then(redis),
        services,
        ports,
        problems: summary.problems.iter().map(problem).collect(),
    }
}

/// The services that a profile runs, and its host ports but for the gateway's, sorted.
fn runs(profile: &Profile) -> (Vec<String>, Vec<u16>) {
    let stack = build(profile, &Inputs { images: &str::to_owned, env_files: &BTreeMap::new() });
    let others = stack.components.iter().filter(|component| component.role != Role::Gateway);
    let mut ports: Vec<u16> =
        others.flat_map(|component| &component.ports).filter_map(|port| port.host).collect();
    ports.sort_unstable();
    (profile.services.iter().map(|service| service.name.clone()).collect(), ports)
}

fn mongodb(profile: &Profile) -> Option<String> {
    if let Some(own) = &profile.mongodb {
        return Some(match own.mode {
            MongoDbMode::Single => "single".to_owned(),
            MongoDbMode::ReplicaSet { members } => format!("replica set of {members}"),
        });
    }
    let borrowed = profile.borrowed.as_ref().filter(|borrowed| borrowed.mongodb.is_some())?;
    Some(format!("{}'s", borrowed.project))
}

fn redis(profile: &Profile) -> Option<String> {
    if let Some(own) = &profile.redis {
        return Some(match own.mode {
            RedisMode::Single => "single".to_owned(),
            RedisMode::Sentinel { sentinels, .. } => format!("Sentinel, {sentinels} of them"),
        });
    }
    let borrowed = profile.borrowed.as_ref().filter(|borrowed| borrowed.redis.is_some())?;
    Some(format!("{}'s", borrowed.project))
}

/// A mistake in an input file as reporters show it; these know nothing of profiles.
pub(crate) fn problem(problem: &profile::Problem) -> Problem {
    Problem {
        conflict: None,
        file: Some(problem.file.clone()),
        line: Some(problem.line),
        column: Some(problem.column),
        path: Some(problem.path.clone()).filter(|path| !path.is_empty()),
        message: problem.message.clone(),
        hint: problem.hint.clone(),
    }
}

//! From typed files to the model of a profile: applies every rule, in an order where each has what it needs.

use super::attach;
use super::borrow::Owner;
use super::finding::Findings;
use super::load::{Loaded, Parts};
use super::model::{Borrowed, DefaultRoute, MongoDb, Profile, Redis, Service};
use super::name_list::NameList;
use super::rules::dependencies::{Reach, check_cycles, check_names};
use super::rules::ports::{self, Claim, Wishes, check_unique};
use super::rules::references::{self, Scope};
use super::rules::service::Written;
use super::rules::{gateway, secrets, service, stores};
use super::selection::{Selection, select};
use super::settings;
use super::source::Sources;

/// Everything that was read for one profile.
pub(super) struct Input<'a> {
    /// Its trees and its typed form.
    pub(super) parts: Parts<'a>,
    /// Its project.
    pub(super) project: String,
    /// The services of the file that have the right shape.
    pub(super) written: Vec<Written>,
    /// The names of all services of the file.
    pub(super) in_file: NameList,
    /// The profile that is borrowed from.
    pub(super) owner: Option<Owner>,
    /// Whether all of it could be read.
    pub(super) complete: bool,
}

/// Builds the profile; where there are findings it has gaps.
pub(super) fn assemble(sources: &mut Sources, input: Input<'_>) -> Loaded {
    let Input { parts, project, written, in_file, owner, complete } = input;
    let mut findings = std::mem::take(&mut sources.findings);
    let (Owner { borrowed, claims: taken, complete: owner_complete }, before) =
        (owner.unwrap_or_default(), findings.len());
    let complete = complete && owner_complete;
    let (mut mongodb, mut redis) = own_stores(&parts, &mut findings);
    let selection = select(parts.raw, parts.merged, &written, &in_file, complete, &mut findings);
    let reach = reach(&selection, &written, in_file, (&mongodb, &redis), borrowed.as_ref(), complete);
    check_names(&written, &reach, &mut findings);
    check_cycles(&written, &mut findings);
    let stores = (mongodb.is_some(), redis.is_some());
    settings::check_port_names(parts.raw, parts.merged, &reach, stores, &mut findings);

    let wishes = Wishes { settings: parts.merged, ports: &parts.raw.ports };
    let (mut services, mut claims) = place_services(&written, &reach, &wishes, &mut findings);
    claims.extend(mongodb.iter_mut().flat_map(|store| ports::place_mongodb(store, &wishes, &mut findings)));
    claims.extend(redis.iter_mut().flat_map(|store| ports::place_redis(store, &wishes, &mut findings)));
    let theirs = borrowed.iter().flat_map(|borrowed| &borrowed.services);
    let usable: Vec<&Service> = services.iter().map(|(_, model)| model).chain(theirs).collect();
    let raw_gateway = parts.raw.gateway.as_ref();
    let (gateway, claim) = raw_gateway
        .and_then(|written| gateway::gateway(written, parts.merged, &reach, &usable, &mut findings))
        .unzip();
    claims.extend(claim);
    let secrets = secrets::secrets(&parts, borrowed.as_ref(), &mut findings);
    let scope = Scope {
        reach: &reach,
        mongodb: mongodb.as_ref().or_else(|| borrowed.as_ref()?.mongodb.as_ref()),
        redis: redis.as_ref().or_else(|| borrowed.as_ref()?.redis.as_ref()),
        gateway: raw_gateway.is_some(),
        services: usable,
    };
    for one in written.iter().filter(|one| reach.selected.contains(&one.name)) {
        references::check(one, &scope, &mut findings);
    }
    check_unique(&taken, &claims, |place| sources.describe(place), &mut findings);

    let good = findings.len() == before;
    sources.findings = findings;
    for (one, model) in &mut services {
        attach::attach(sources, one, model);
    }
    let to_owner = gateway.as_ref().is_some_and(|gateway| gateway.default == DefaultRoute::BorrowedGateway);
    let borrowed =
        borrowed.map(|borrowed| Borrowed { gateway: borrowed.gateway.filter(|_| to_owner), ..borrowed });
    let profile = Profile {
        name: parts.found.name.clone(),
        root: sources.root().to_path_buf(),
        description: parts.raw.description.clone(),
        project,
        services: services.into_iter().map(|(_, model)| model).collect(),
        mongodb,
        redis,
        gateway,
        borrowed,
        secrets,
        compose: parts.raw.compose.as_ref().and_then(|patch| serde_json::to_value(patch).ok()),
    };
    Loaded { profile, claims, complete: complete && good }
}

/// The databases that the profile runs itself; with `sharedInfra` it runs none.
fn own_stores(parts: &Parts<'_>, findings: &mut Findings) -> (Option<MongoDb>, Option<Redis>) {
    let Some(written) = parts.raw.infrastructure.as_ref().filter(|_| parts.raw.shared_infra.is_none()) else {
        return (None, None);
    };
    let mongodb = written.mongodb.as_ref().map(|store| stores::mongodb(store, parts.merged, findings));
    let redis = written.redis.as_ref().map(|store| stores::redis(store, parts.merged, findings));
    (mongodb, redis)
}

fn reach(
    selection: &Selection,
    written: &[Written],
    in_file: NameList,
    (mongodb, redis): (&Option<MongoDb>, &Option<Redis>),
    borrowed: Option<&Borrowed>,
    complete: bool,
) -> Reach {
    let services = borrowed.map_or(&[][..], |borrowed| borrowed.services.as_slice());
    Reach {
        in_file,
        selected: selection.selected.iter().map(|index| written[*index].name.clone()).collect(),
        borrowed: services.iter().map(|service| service.name.clone()).collect(),
        mongodb: mongodb.is_some() || borrowed.is_some_and(|borrowed| borrowed.mongodb.is_some()),
        redis: redis.is_some() || borrowed.is_some_and(|borrowed| borrowed.redis.is_some()),
        left_out_by: selection.left_out_by,
        complete,
    }
}

/// Checks every service of the file, and gives the selected ones with their host ports.
fn place_services<'a>(
    written: &'a [Written],
    reach: &Reach,
    wishes: &Wishes<'_>,
    findings: &mut Findings,
) -> (Vec<(&'a Written, Service)>, Vec<Claim>) {
    let (mut services, mut claims) = (Vec::new(), Vec::new());
    for one in written {
        let model = service::service(one, findings);
        if let Some(mut model) = model.filter(|_| reach.selected.contains(&one.name)) {
            claims.extend(ports::place_service(&mut model, one, wishes, findings));
            services.push((one, model));
        }
    }
    (services, claims)
}

//! What a profile uses of another one: databases, services, the gateway behind its own.

use super::apart;
use super::find::find;
use super::finding::{Findings, Place};
use super::load::{Loader, Parts};
use super::model::Borrowed;
use super::raw::infrastructure::GatewayDefault;
use super::rules::ports::Claim;
use super::suggest;

/// The profile that is borrowed from.
pub(super) struct Owner {
    /// What is borrowed; nothing where the owner has mistakes.
    pub(super) borrowed: Option<Borrowed>,
    /// The host ports that the owner takes while both are up.
    pub(super) claims: Vec<Claim>,
    /// Whether all of it could be read.
    pub(super) complete: bool,
}

impl Owner {
    fn unknown() -> Self {
        Self { complete: false, ..Self::default() }
    }
}

/// No owner: nothing is borrowed, and nothing is unknown about it.
impl Default for Owner {
    fn default() -> Self {
        Self { borrowed: None, claims: Vec::new(), complete: true }
    }
}

/// Loads the owner where a profile borrows something; `None` where it does not.
pub(super) fn owner(loader: &mut Loader, parts: &Parts<'_>) -> Option<Owner> {
    let Parts { merged, raw, .. } = parts;
    let gateway = raw.gateway.as_ref().and_then(|gateway| match &gateway.default {
        Some(GatewayDefault::Other(other)) => Some(other.profile.as_str()),
        _ => None,
    });
    let gateway_place = merged.place_of(&["gateway".into(), "default".into(), "profile".into()]);
    let (name, place) = match (raw.shared_infra.as_deref(), gateway, raw.shared_services.is_empty()) {
        (Some(name), _, _) => (name, merged.place_of(&["sharedInfra".into()])),
        (None, Some(name), _) => (name, gateway_place),
        (None, None, false) => ("default", merged.place_of(&["sharedServices".into()])),
        (None, None, true) => return None,
    };
    if raw.shared_infra.is_some() {
        apart::check(parts, &mut loader.sources.findings);
    }
    if let Some(other) = gateway
        && other != name
    {
        loader.sources.findings.add_with_hint(
            gateway_place,
            format!("this profile borrows from `{name}`, so its gateway cannot go to `{other}`"),
            format!("a profile borrows from one other: write `{name}` here"),
        );
    }
    Some(load_owner(loader, parts, name, place, gateway == Some(name)))
}

fn load_owner(loader: &mut Loader, parts: &Parts<'_>, name: &str, place: Place, with_gateway: bool) -> Owner {
    if let Some(at) = loader.chain.iter().position(|known| known == name) {
        let mut cycle: Vec<&str> = loader.chain[at..].iter().map(String::as_str).collect();
        cycle.push(name);
        let message = format!("these profiles borrow from each other: {}", cycle.join(" -> "));
        loader.sources.findings.add_with_hint(place, message, "one of them must run what the others borrow");
        return Owner::unknown();
    }
    let found = match find(loader.sources.root(), name) {
        Ok(found) => found,
        Err(unknown) => {
            loader.sources.findings.add_with_hint(place, unknown.message, unknown.hint);
            return Owner::unknown();
        }
    };
    let Some(owner) = loader.load(&found) else { return Owner::unknown() };
    let Parts { merged, raw, .. } = parts;
    let findings = &mut loader.sources.findings;
    let profile = owner.profile;
    let borrows_infra = raw.shared_infra.is_some();
    if raw.project.as_ref().is_some_and(|project| *project == profile.project) {
        findings.add_with_hint(
            merged.place_of(&["project".into()]),
            format!("profile `{}`, which this one borrows from, has the same project", profile.name),
            "give each profile a project of its own",
        );
    }
    if borrows_infra && owner.complete && profile.mongodb.is_none() && profile.redis.is_none() {
        let hint = match &profile.borrowed {
            Some(borrowed) => format!("it borrows them from `{}`: write that", borrowed.profile),
            None => "name a profile that has `infrastructure`".to_owned(),
        };
        findings.add_with_hint(place, format!("profile `{name}` has no databases of its own"), hint);
    }
    if with_gateway && owner.complete && profile.gateway.is_none() {
        let place = merged.place_of(&["gateway".into(), "default".into(), "profile".into()]);
        findings.add(place, format!("profile `{name}` has no gateway"));
    }
    let mut services = Vec::new();
    for (index, wanted) in raw.shared_services.iter().enumerate() {
        if let Some(service) = profile.services.iter().find(|service| service.name == *wanted) {
            services.push(service.clone());
        } else if owner.complete {
            let known = profile.services.iter().map(|service| service.name.as_str());
            findings.add_with_hint(
                merged.place_of(&["sharedServices".into(), index.into()]),
                format!("profile `{name}` runs no service {}", suggest::quoted(wanted)),
                suggest::hint(wanted, "its services", known),
            );
        }
    }
    let (mut mongodb, mut redis) = (None, None);
    if borrows_infra {
        // What could not be read may be what is missing.
        let mut ignored = Findings::default();
        let findings = if owner.complete { findings } else { &mut ignored };
        mongodb = apart::mongodb(parts, place, profile.mongodb, findings);
        redis = apart::redis(parts, place, profile.redis, findings);
    }
    let taken = if owner.complete { owner.claims } else { Vec::new() };
    let claims = taken.into_iter().map(|mut claim| {
        claim.owner = format!("{} of profile `{name}`", claim.owner);
        claim
    });
    Owner {
        claims: claims.collect(),
        complete: owner.complete,
        borrowed: Some(Borrowed {
            profile: profile.name,
            project: profile.project,
            mongodb,
            redis,
            services,
            gateway: profile.gateway,
            secrets: profile.secrets,
        }),
    }
}

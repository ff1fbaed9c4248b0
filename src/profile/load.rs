//! Loads a profile: reads the files it names, lays them over one another, and applies every rule.

use std::path::Path;

use super::attach;
use super::borrow::{self, Owner};
use super::error::InputError;
use super::find::{Found, find};
use super::finding::Place;
use super::merge::{merge, merge_service, remove};
use super::model::{DefaultRoute, Profile, Service};
use super::node::{Member, Node, Value};
use super::raw::{ProfileFile, service as raw_service};
use super::rules::dependencies::{Reach, check_cycles, check_names};
use super::rules::ports::{self, Claim, Wishes, check_unique};
use super::rules::references::{self, Scope};
use super::rules::service::Written;
use super::rules::{gateway, service, stores};
use super::selection::{Selection, select};
use super::settings;
use super::shape::Kind;
use super::source::Sources;

/// Loads a profile by its name, or by a path that ends in `.json`; `root` holds `profiles/`.
///
/// # Errors
/// Everything that is wrong in the profile and in all files it names, each with its place.
pub fn load(root: &Path, name: &str) -> Result<Profile, InputError> {
    let found = find(root, name).map_err(|unknown| {
        InputError::of_file(format!("profiles/{name}.json"), unknown.message, Some(unknown.hint))
    })?;
    let mut loader = Loader { sources: Sources::new(root), chain: Vec::new() };
    let shown = found.shown.clone();
    let loaded = loader.load(&found);
    match (loader.sources.into_error(), loaded) {
        (Some(error), _) => Err(error),
        (None, Some(loaded)) => Ok(loaded.profile),
        (None, None) => Err(InputError::of_file(shown, "cannot be loaded, and gw does not know why", None)),
    }
}

/// A profile with what others need to check themselves against it.
pub(super) struct Loaded {
    /// The profile; has gaps where there are findings.
    pub(super) profile: Profile,
    /// The host ports that it takes.
    pub(super) claims: Vec<Claim>,
    /// Whether all of it could be read.
    pub(super) complete: bool,
}

/// Reads profiles; each file once.
pub(super) struct Loader {
    /// The files.
    pub(super) sources: Sources,
    /// Names of the profiles that are being loaded, each borrowing from the next.
    pub(super) chain: Vec<String>,
}

impl Loader {
    /// Loads one profile and, before it, the one it borrows from.
    pub(super) fn load(&mut self, found: &Found) -> Option<Loaded> {
        let (path, _) = self.sources.resolve(Path::new(""), &found.path.to_string_lossy());
        let file = self.sources.open(&path, &found.shown, Kind::Profile, None)?;
        let tree = self.sources.tree(file)?.clone();
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let (own, mut complete) = self.without_mistakes(&tree);
        let mut part = |loader: &mut Self, key: &str, kind: Kind| -> Option<Node> {
            let named = tree.get(key)?;
            let (path, shown) = loader.sources.resolve(&folder, named.as_str()?);
            let file = loader.sources.open(&path, &shown, kind, Some(named.place));
            let tree = file.and_then(|file| loader.sources.tree(file)).cloned();
            complete &= tree.is_some();
            tree
        };
        let infra = part(self, "infra", Kind::Infra);
        let services = part(self, "services", Kind::Services);
        complete &= services.is_some();

        let merged = self.settings(&own, infra.as_ref(), services.as_ref(), &mut complete);
        let raw: ProfileFile = self.typed(&merged)?;
        let project = settings::check(&raw, &merged, complete, &mut self.sources.findings);
        let (written, all_written) = services.as_ref().map_or((Vec::new(), false), |tree| self.written(tree));
        complete &= all_written;

        let parts = Parts { found, merged: &merged, raw: &raw, own: &own, infra: infra.as_ref() };
        self.chain.push(found.name.clone());
        let owner = borrow::owner(self, &parts);
        self.chain.pop();
        let names = services.as_ref().and_then(|tree| tree.get("services")).map_or(&[][..], Node::members);
        let in_file = names.iter().map(|member| member.key.clone()).collect();
        Some(self.assemble(&parts, project, &written, in_file, owner, complete))
    }

    fn assemble(
        &mut self,
        parts: &Parts<'_>,
        project: String,
        written: &[Written],
        in_file: Vec<String>,
        owner: Option<Owner>,
        mut complete: bool,
    ) -> Loaded {
        let Parts { found, merged, raw, .. } = parts;
        let findings = &mut self.sources.findings;
        complete &= owner.as_ref().is_none_or(|owner| owner.complete);
        let infrastructure = raw.infrastructure.clone().unwrap_or_default();
        let own_stores = raw.shared_infra.is_none();
        let mut mongodb = infrastructure
            .mongodb
            .as_ref()
            .filter(|_| own_stores)
            .map(|s| stores::mongodb(s, merged, findings));
        let mut redis =
            infrastructure.redis.as_ref().filter(|_| own_stores).map(|s| stores::redis(s, merged, findings));
        let borrowed = owner.as_ref().and_then(|owner| owner.borrowed.as_ref());

        let Selection { selected, left_out_by } = select(raw, merged, written, &in_file, complete, findings);
        let before = findings.len();
        let models: Vec<Option<Service>> =
            written.iter().map(|one| service::service(one, findings)).collect();
        let good = findings.len() == before;

        let reach = Reach {
            in_file,
            selected: selected.iter().map(|index| written[*index].name.clone()).collect(),
            borrowed: borrowed.map_or_else(Vec::new, |b| b.services.iter().map(|s| s.name.clone()).collect()),
            mongodb: mongodb.is_some() || borrowed.is_some_and(|b| b.mongodb.is_some()),
            redis: redis.is_some() || borrowed.is_some_and(|b| b.redis.is_some()),
            left_out_by,
            complete,
        };
        check_names(written, &reach, findings);
        check_cycles(written, findings);
        settings::check_port_names(raw, merged, &reach, (mongodb.is_some(), redis.is_some()), findings);

        let wishes = Wishes { settings: merged, ports: &raw.ports };
        let mut claims = Vec::new();
        let mut services = Vec::new();
        for index in selected {
            if let Some(mut model) = models[index].clone() {
                claims.extend(ports::place_service(&mut model, &written[index], &wishes, findings));
                services.push((index, model));
            }
        }
        claims.extend(mongodb.iter_mut().flat_map(|store| ports::place_mongodb(store, &wishes, findings)));
        claims.extend(redis.iter_mut().flat_map(|store| ports::place_redis(store, &wishes, findings)));
        let usable: Vec<&Service> = services
            .iter()
            .map(|(_, model)| model)
            .chain(borrowed.iter().flat_map(|b| &b.services))
            .collect();
        let gateway =
            raw.gateway.as_ref().and_then(|g| gateway::gateway(g, merged, &reach, &usable, findings));
        let scope = Scope {
            reach: &reach,
            mongodb: mongodb.as_ref().or_else(|| borrowed.and_then(|b| b.mongodb.as_ref())),
            redis: redis.as_ref().or_else(|| borrowed.and_then(|b| b.redis.as_ref())),
            gateway: raw.gateway.is_some(),
            services: usable,
        };
        for one in written.iter().filter(|one| reach.selected.contains(&one.name)) {
            references::check(one, &scope, findings);
        }
        let (gateway, claim) = gateway.unzip();
        claims.extend(claim);
        self.check_ports(&claims, owner.as_ref());
        for (index, model) in &mut services {
            attach::attach(&mut self.sources, &written[*index], model);
        }
        let borrowed = owner.and_then(|owner| owner.borrowed).map(|mut borrowed| {
            if gateway.as_ref().is_none_or(|gateway| gateway.default != DefaultRoute::BorrowedGateway) {
                borrowed.gateway = None;
            }
            borrowed
        });
        let profile = Profile {
            name: found.name.clone(),
            root: self.sources.root().to_path_buf(),
            description: raw.description.clone(),
            project,
            services: services.into_iter().map(|(_, model)| model).collect(),
            mongodb,
            redis,
            gateway,
            borrowed,
        };
        Loaded { profile, claims, complete: complete && good }
    }

    fn check_ports(&mut self, claims: &[Claim], owner: Option<&Owner>) {
        let mut findings = std::mem::take(&mut self.sources.findings);
        let taken = owner.map_or(&[][..], |owner| owner.claims.as_slice());
        check_unique(taken, claims, |place| self.sources.describe(place), &mut findings);
        self.sources.findings = findings;
    }

    /// The profile over the infra file over the services file's `infrastructure`.
    fn settings(
        &self,
        own: &Node,
        infra: Option<&Node>,
        services: Option<&Node>,
        complete: &mut bool,
    ) -> Node {
        let mut base = Node { place: own.place, end: own.end, value: Value::Object(Vec::new()) };
        if let (Some(services), Value::Object(members)) = (services, &mut base.value) {
            let (services, _) = self.without_mistakes(services);
            members.extend(services.member("infrastructure").cloned());
        }
        if let Some(infra) = infra {
            let (mut infra, good) = self.without_mistakes(infra);
            *complete &= good;
            remove(&mut infra, |key| key == "$schema");
            base = merge(&base, &infra);
        }
        let mut merged = merge(&base, own);
        if let Value::Object(members) = &mut merged.value
            && !members.iter().any(|member| member.key == "services")
        {
            // The mistake is noted; serde shall go on to the other keys.
            let node = Node { place: own.place, end: own.end, value: Value::String(String::new()) };
            members.push(Member { key: "services".to_owned(), key_place: own.place, node });
        }
        merged
    }

    /// The services of a file that have the right shape, with the defaults below them; false where one has not.
    fn written(&mut self, tree: &Node) -> (Vec<Written>, bool) {
        let defaults = tree.member("defaults");
        if defaults.is_some_and(|member| self.has_mistake(member)) {
            return (Vec::new(), false);
        }
        let members = tree.get("services").map_or(&[][..], Node::members);
        let mut all = true;
        let mut written = Vec::new();
        for member in members {
            if self.has_mistake(member) {
                all = false;
                continue;
            }
            let node = defaults
                .map_or_else(|| member.node.clone(), |below| merge_service(&below.node, &member.node));
            match self.typed::<raw_service::Service>(&node) {
                Some(raw) => {
                    written.push(Written { name: member.key.clone(), key_place: member.key_place, node, raw })
                }
                None => all = false,
            }
        }
        (written, all && tree.get("services").is_some())
    }

    fn has_mistake(&self, member: &Member) -> bool {
        let Place { file, offset } = member.key_place;
        self.sources.findings.any_within(file, offset, member.node.end)
    }

    /// An object without the members that have mistakes; false where there is one.
    fn without_mistakes(&self, tree: &Node) -> (Node, bool) {
        let mut pruned = tree.clone();
        let mut complete = tree.members().len() > 0;
        if let Value::Object(members) = &mut pruned.value {
            members.retain(|member| {
                let good = !self.has_mistake(member);
                complete &= good;
                good
            });
        }
        (pruned, complete)
    }

    /// The serde form of a tree whose shape was checked.
    fn typed<T: serde::de::DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        match serde_json::from_value(node.to_json()) {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("gw's schema allows this and its types do not: {error}");
                self.sources.findings.add_with_hint(
                    node.place,
                    message,
                    "this is a defect in gw: please report it",
                );
                None
            }
        }
    }
}

/// A profile's trees and its typed form.
pub(super) struct Parts<'a> {
    /// Where it is.
    pub(super) found: &'a Found,
    /// The profile over the infra file over the services file's `infrastructure`.
    pub(super) merged: &'a Node,
    /// The typed form of that.
    pub(super) raw: &'a ProfileFile,
    /// The profile alone.
    pub(super) own: &'a Node,
    /// The infra file alone.
    pub(super) infra: Option<&'a Node>,
}

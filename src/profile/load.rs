//! Loads a profile: reads the files it names, lays them over one another, and applies every rule.

use std::path::Path;

use super::assemble::{Input, assemble};
use super::borrow;
use super::error::InputError;
use super::find::{Found, find};
use super::finding::Place;
use super::merge::{merge, merge_service, merge_settings, remove};
use super::model::Profile;
use super::node::{Member, Node, Value};
use super::raw::{ProfileFile, service as raw_service};
use super::rules::ports::Claim;
use super::rules::service::Written;
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
    let mut reader = Loader { sources: Sources::new(root), chain: Vec::new() };
    let shown = found.shown.clone();
    let loaded = reader.load(&found);
    match (reader.sources.into_error(), loaded) {
        (Some(error), _) => Err(error),
        (None, Some(Loaded { profile, .. })) => Ok(profile),
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
        let tree = self.sources.tree(file).filter(|tree| matches!(tree.value, Value::Object(_)))?.clone();
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
        let input = Input { parts, project, written, in_file, owner, complete };
        Some(assemble(&mut self.sources, input))
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
        let mut merged = merge_settings(&base, own);
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
            let raw: Option<raw_service::Service> = self.typed(&node);
            all &= raw.is_some();
            let (name, key_place) = (member.key.clone(), member.key_place);
            written.extend(raw.map(|raw| Written { name, key_place, node, raw }));
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
        let mut complete = matches!(tree.value, Value::Object(_));
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

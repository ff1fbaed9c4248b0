//! The profile that another one borrows from: whether what is borrowed is up, and what an `up` of it is about.

use std::collections::BTreeSet;

use super::drive::{self, visit};
use super::look::{Look, look};
use super::prepare::{Prepared, Secrets, prepare};
use super::redact::Redact;
use super::session::Session;
use crate::engine::docker::connect::Connection;
use crate::error::Error;
use crate::plan::desired::{Component, Role};
use crate::plan::needed::{OwnerNotUp, Part, in_words, missing};
use crate::plan::observed::Observed;
use crate::plan::selection::select;
use crate::report::view::Readiness;
use crate::settings::Settings;
use crate::stack::{lent, owner_network_key};

/// An owner, and what a borrower uses of it.
pub(super) struct Owner {
    /// Its profile, rendered and read back.
    pub(super) prepared: Prepared,
    /// What is used of it.
    pub(super) parts: Vec<Part>,
}

/// Loads the owner of a profile with all that is borrowed of it; `None` where nothing is.
///
/// # Errors
/// Mistakes in the owner's input, a template, or what it made.
pub(super) fn owner(settings: &Settings, borrower: &Prepared, need: Secrets) -> Result<Option<Owner>, Error> {
    let Some(wanted) = &borrower.profile.borrowed else { return Ok(None) };
    let prepared = prepare(settings, &wanted.profile, need)?;
    let parts = lent(&prepared.profile, wanted).into_iter();
    let parts = parts.map(|lent| Part { name: lent.name, keys: lent.keys }).collect();
    Ok(Some(Owner { prepared, parts }))
}

/// The owners that the selected components need, each before those who borrow from it.
///
/// # Errors
/// See [`owner`].
pub(super) fn chain(
    settings: &Settings,
    borrower: &Prepared,
    selected: &BTreeSet<String>,
    need: Secrets,
) -> Result<Vec<Owner>, Error> {
    let Some(found) = owner(settings, borrower, need)? else { return Ok(Vec::new()) };
    let found = found.for_those(borrower, selected);
    if found.parts.is_empty() {
        return Ok(Vec::new());
    }
    let selected = found.selected()?;
    let mut owners = chain(settings, &found.prepared, &selected, need)?;
    owners.push(found);
    Ok(owners)
}

impl Owner {
    /// Leaves out what none of the selected components of the borrower uses.
    fn for_those(mut self, borrower: &Prepared, selected: &BTreeSet<String>) -> Self {
        let chosen = |component: &&Component| {
            component.container.network_mode.is_some() || network(borrower, component).is_some()
        };
        let users: Vec<&Component> =
            selected.iter().filter_map(|key| borrower.desired.components.get(key)).filter(chosen).collect();
        let gateway = users.iter().any(|component| component.role == Role::Gateway);
        self.parts.retain(|part| !users.is_empty() && (gateway || part.name != "gateway"));
        self
    }

    /// What an `up` of the owner names: nothing is all of it, because a gateway leads everywhere.
    pub(super) fn services(&self) -> Vec<String> {
        if self.parts.iter().any(|part| part.name == "gateway") {
            return Vec::new();
        }
        self.keys().into_iter().collect()
    }

    /// The components that such an `up` starts.
    fn selected(&self) -> Result<BTreeSet<String>, Error> {
        Ok(select(&self.prepared.desired, &self.services(), true)?)
    }

    /// The keys of the components that are borrowed.
    pub(super) fn keys(&self) -> BTreeSet<String> {
        self.parts.iter().flat_map(|part| part.keys.iter().cloned()).collect()
    }

    /// The words for what is borrowed.
    pub(super) fn names(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.name.clone()).collect()
    }

    /// The keys of the borrowed components that are called so: by their part's word, their key or their own name.
    pub(super) fn find(&self, name: &str) -> Vec<String> {
        let components = &self.prepared.desired.components;
        let called = |key: &&String| {
            *key == name || components.get(*key).is_some_and(|component| component.name == name)
        };
        let found = |part: &Part| -> Vec<String> {
            let whole = part.name == name;
            part.keys.iter().filter(|key| whole || called(key)).cloned().collect()
        };
        self.parts.iter().flat_map(found).collect()
    }

    /// `mongodb and redis of profile default (project ms)`.
    pub(super) fn in_words(&self) -> String {
        let names = self.names();
        let desired = &self.prepared.desired;
        format!("{} of profile {} (project {})", in_words(&names), desired.profile, desired.project)
    }

    /// Asks every container of what is borrowed.
    ///
    /// # Errors
    /// The owner's project is not this checkout's, or the engine does not answer.
    pub(super) async fn look<'a>(
        &'a self,
        observed: &'a Observed,
        connection: &Connection,
        selected: &BTreeSet<String>,
    ) -> Result<Vec<Look<'a>>, Error> {
        let engine = drive::engine(&self.prepared, connection);
        look(&self.prepared.desired, observed, &engine, selected).await
    }
}

/// Checks that what the selected components borrow is up in this checkout's project; what does not answer well is a note.
///
/// # Errors
/// [`OwnerNotUp`] with everything that is missing; the owner's project is somebody else's.
pub(super) async fn check(
    session: &mut Session,
    command: &str,
    borrower: &Prepared,
    selected: &BTreeSet<String>,
) -> Result<(), Error> {
    let Some(owner) = owner(&session.settings, borrower, Secrets::Named)? else { return Ok(()) };
    let owner = owner.for_those(borrower, selected);
    if owner.parts.is_empty() {
        return Ok(());
    }
    let site = visit(&owner.prepared).await?;
    let components = selected.iter().filter_map(|key| borrower.desired.components.get(key));
    let networks = components.filter_map(|component| network(borrower, component)).collect();
    let missing = missing(&networks, &owner.parts, &owner.prepared.desired, &site.observed);
    let (profile, project) = (&owner.prepared.desired.profile, &owner.prepared.desired.project);
    if !missing.is_empty() {
        let further = if owner.prepared.profile.borrowed.is_some() { " --with-shared" } else { "" };
        let first = format!("gw up -p {profile}{further}");
        let both = format!("gw {command} -p {} --with-shared", session.settings.profile);
        return Err(Error::OwnerNotUp(Box::new(OwnerNotUp {
            profile: borrower.desired.profile.clone(),
            owner: profile.clone(),
            project: project.clone(),
            missing,
            ways: [first, both],
        })));
    }
    let looks = owner.look(&site.observed, &site.connection, &owner.keys()).await?;
    let redact = Redact::new(&owner.prepared.hidden);
    for look in looks.iter().filter(|look| look.readiness() != Readiness::Ready) {
        let answer = redact.text(&look.answer());
        session.note(format!("{} of project {project} is not ready: {answer}", look.name));
    }
    Ok(())
}

/// The owner's network, where a component joins it.
fn network(borrower: &Prepared, component: &Component) -> Option<String> {
    let owners = owner_network_key(&borrower.profile.borrowed.as_ref()?.project);
    let mut joined = component.container.networks.keys().filter_map(|key| borrower.desired.networks.get(key));
    joined.any(|network| network.external && network.name == owners).then_some(owners)
}

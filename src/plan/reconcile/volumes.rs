//! Volumes that are made, and those that go before the start.

use std::collections::BTreeMap;

use super::{Draft, Removed};
use crate::plan::graph::NodeId;
use crate::plan::operation::{Operation, Phase};
use crate::plan::store_mode::strays;
use crate::plan::strangers::{is_ours, unproven_volume_stays, volume_stays};

impl Draft<'_> {
    /// The nodes that make volumes, by key.
    ///
    /// Volumes are made after the networks: of two checkouts that begin at once the one that makes the network has the
    /// project, and the other must not have left a volume in it.
    pub(super) fn volumes(
        &mut self,
        cleaned: &Removed,
        networks: &BTreeMap<String, NodeId>,
    ) -> BTreeMap<String, NodeId> {
        let mut made = BTreeMap::new();
        let networks: Vec<NodeId> = networks.values().copied().collect();
        let users: Vec<NodeId> = cleaned.values().copied().collect();
        for (key, volume) in &self.desired.volumes {
            if volume.external || !self.selected().any(|component| component.mounts_volume(key)) {
                continue;
            }
            let operation = Operation::CreateVolume { volume: key.clone() };
            let Some(existing) = self.observed.volumes.get(&volume.name) else {
                made.insert(key.clone(), self.plan.add(Phase::Start, operation, "no such volume", &networks));
                continue;
            };
            if !self.options.volumes {
                continue;
            }
            let name = &volume.name;
            // What was not made for this project is named with everything else that is not gw's.
            if !is_ours(&existing.labels, &self.desired.project) {
                continue;
            }
            if let Some(note) = volume_stays(name, &self.observed.others) {
                self.plan.notes.push(note);
            } else {
                let remove = Operation::RemoveVolume { name: name.clone() };
                let gone = self.plan.add(Phase::Clean, remove, "--volumes", &users);
                let needs = [&[gone][..], &networks].concat();
                made.insert(key.clone(), self.plan.add(Phase::Start, operation, "--volumes", &needs));
            }
        }
        if self.options.removes_strays() {
            for (name, labels) in strays(self.desired, self.observed) {
                let unproven = unproven_volume_stays(name, labels, Some(self.desired), self.observed);
                if let Some(note) = unproven.or_else(|| volume_stays(name, &self.observed.others)) {
                    self.plan.notes.push(note);
                } else {
                    let remove = Operation::RemoveVolume { name: name.to_owned() };
                    self.plan.add(Phase::Clean, remove, "--volumes, and in no model", &users);
                }
            }
        }
        made
    }
}

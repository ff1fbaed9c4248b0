//! Who leads the stores of a project, and how far the others are behind, from what their containers answered.

use super::look::Look;
use crate::engine::probe::port;
use crate::plan::desired::Desired;
use crate::plan::leader::{Member, Store, is_led, leader, part};
use crate::plan::standing::{Lag, Standing};
use crate::report::view::Leader;

/// A store that somebody should lead.
pub(super) struct Led<'a> {
    store: Store,
    leader: Option<&'a Look<'a>>,
}

/// The stores of a project that somebody should lead and whose members were all looked at.
pub(super) fn led<'a>(desired: &Desired, looks: &'a [Look<'a>]) -> Vec<Led<'a>> {
    let silent = Standing::default();
    let addresses: Vec<String> = looks.iter().map(|look| address(desired, look)).collect();
    let mut members = Vec::new();
    for (look, address) in looks.iter().zip(&addresses) {
        let standing = look.standing().unwrap_or(&silent);
        members.extend(part(look.component).map(|(store, votes)| Member { store, votes, address, standing }));
    }
    let whole = |store: Store| {
        let of_it = |found: Option<(Store, bool)>| found.is_some_and(|(found, _)| found == store);
        let all = desired.components.values().filter(|component| of_it(part(component))).count();
        members.iter().filter(|member| member.store == store).count() >= all
    };
    let stores = [Store::Mongodb, Store::Redis].into_iter();
    let stores = stores.filter(|store| is_led(*store, &members) && whole(*store));
    let find = |store| {
        let found = leader(store, &members)?.address;
        looks.iter().zip(&addresses).find(|(_, address)| *address == found).map(|(look, _)| look)
    };
    stores.map(|store| Led { store, leader: find(store) }).collect()
}

/// The address that the others of its store know a component by.
fn address(desired: &Desired, look: &Look<'_>) -> String {
    let port = port(&look.component.probe).unwrap_or_default();
    format!("{}.{}:{port}", look.component.name, desired.project)
}

impl Led<'_> {
    /// Its leader, by the name of the container without its number: `shared-mongo-primary`.
    pub(super) fn view(&self, project: &str) -> Leader {
        let member = self.leader.and_then(|look| look.container);
        Leader {
            role: self.store.leader().to_owned(),
            member: member.map(|container| format!("{project}-{}", container.component())),
        }
    }

    /// Whether this is the one that leads it.
    pub(super) fn is_led_by(&self, look: &Look<'_>) -> bool {
        self.leader.is_some_and(|leader| leader.name == look.name)
    }

    /// How far one of its servers is behind its leader; nothing of the leader itself and of other stores.
    pub(super) fn lag(&self, look: &Look<'_>) -> Option<Lag> {
        let leader = self.leader.filter(|leader| leader.name != look.name)?;
        look.standing()?.position?.behind(leader.standing()?.position?)
    }
}

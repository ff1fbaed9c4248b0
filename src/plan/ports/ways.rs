//! The ways out of conflicts, one line each, none twice.

use super::{Conflict, Held, Holder, Maker, Place, Process, Taken};
use crate::plan::place::Presence;
use crate::plan::ports::take_over::list;

/// So many keys are named; more are moved by the offset.
const FEW_KEYS: usize = 2;

impl Taken {
    /// What to do: every way that fits one of the conflicts.
    pub fn ways(&self) -> String {
        let mut ways: Vec<String> = self.stop_ours().into_iter().collect();
        for conflict in &self.conflicts {
            ways.push(match &conflict.holder {
                Holder::Container(held) => self.free(held),
                Holder::Process(process) => of_process(process),
                Holder::Unknown { .. } => name_it(conflict),
            });
        }
        ways.extend(self.other_ports());
        let mut said: Vec<String> = Vec::new();
        for way in ways {
            if !said.contains(&way) {
                said.push(way);
            }
        }
        said.join("\n")
    }

    /// The command of the user, again.
    fn again(&self) -> String {
        let Self { command, profile, .. } = self;
        if profile == "default" { format!("gw {command}") } else { format!("gw {command} -p {profile}") }
    }

    fn stop_ours(&self) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        for held in self.conflicts.iter().filter_map(Conflict::takeable) {
            if !names.contains(&held.name.as_str()) {
                names.push(&held.name);
            }
        }
        let again = self.again();
        (!names.is_empty() && !self.take_over)
            .then(|| format!("`{again} --take-over` stops {}", list(&names)))
    }

    /// How a container lets go of its port, but for `--take-over`.
    fn free(&self, held: &Held) -> String {
        let Held { name, profile, project, .. } = held;
        if matches!(held.maker, Maker::ThisCheckout { .. }) && !held.users.is_empty() {
            let users: Vec<&str> = held.users.iter().map(String::as_str).collect();
            let verb = if users.len() == 1 { "uses" } else { "use" };
            return format!("--take-over leaves {name} alone: {} {verb} project {project}", list(&users));
        }
        match (&held.maker, held.place) {
            (_, Place::Orphan) => format!("`{} --remove-orphans` removes {name}", self.again()),
            // This run leaves it alone because it was not named.
            (_, Place::SameProject) => format!("`{}` without names brings {name} up to date", self.again()),
            (Maker::ThisCheckout { named_by: Some(profile) }, _) => {
                format!("`gw down -p {profile}` takes project {project} down")
            }
            (Maker::ThisCheckout { named_by: None }, _) => {
                format!(
                    "no profile names project {project} now: `gw down --all` takes down every stack of this checkout"
                )
            }
            (Maker::OtherCheckout { path, presence: Presence::There }, _) => {
                format!("`gw -C {} down -p {profile}`", quoted(path))
            }
            (Maker::OtherCheckout { path, presence: Presence::Replaced }, _) => {
                let path = quoted(path);
                format!("`gw -C {path} adopt --from {path}`, then `gw -C {path} down --all`")
            }
            (Maker::OtherCheckout { presence: Presence::Gone, .. }, _) => {
                "`gw gc` lists and removes what checkouts left that are gone".to_owned()
            }
            (Maker::OtherHost { path, host }, _) => {
                format!("on host {host}: `gw -C {} down -p {profile}`", quoted(path))
            }
            (Maker::NotGw, _) => format!("`docker stop {name}`"),
        }
    }

    /// Which keys give other ports.
    fn other_ports(&self) -> Option<String> {
        let mut keys: Vec<&str> = Vec::new();
        for key in self.conflicts.iter().filter_map(|conflict| conflict.key.as_deref()) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let (mut moved, own): (Vec<&str>, Vec<&str>) =
            keys.into_iter().partition(|key| key.starts_with("ports."));
        if moved.len() > FEW_KEYS {
            moved = vec!["ports.offset"];
        }
        let keys: Vec<String> = moved.iter().chain(&own).map(|key| format!("`{key}`")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let ports = if self.conflicts.len() == 1 { "another port" } else { "other ports" };
        let profile = &self.profile;
        (!keys.is_empty()).then(|| format!("{ports}: {} in profiles/{profile}.json", list(&keys)))
    }
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |one: char| one.is_alphanumeric() || "/._-".contains(one);
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

fn of_process(process: &Process) -> String {
    let Process { id, name, .. } = process;
    if process.is_forwarder() {
        format!("`ps -o args= -p {id}` shows the container's address: another engine's, or left behind")
    } else {
        format!("`kill {id}` ends {name}")
    }
}

fn name_it(conflict: &Conflict) -> String {
    let kind = if conflict.protocol == "udp" { 'u' } else { 't' };
    format!("`sudo ss -{kind}lnp sport = :{}` names the process", conflict.port)
}

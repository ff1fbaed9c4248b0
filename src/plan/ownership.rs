//! Whose a project is: this checkout's, or somebody else's who is then left alone and named; pure.

use std::collections::BTreeMap;

use super::labels;
use super::observed::Observed;

/// This checkout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checkout {
    /// The random id kept in `.gw/`.
    pub id: String,
    /// The folder.
    pub path: String,
    /// The host's name.
    pub host: String,
    /// The rendered file that this command runs, links in the folder's path followed.
    pub file: String,
}

/// A project that belongs to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("project {project} belongs to {owner} ({thing})")]
pub struct Foreign {
    /// The project.
    pub project: String,
    /// Who it belongs to, in words.
    pub owner: String,
    /// What says so, `container ms-auth-1` or `volume ms_redis`.
    pub thing: String,
}

/// The first thing of a project that another checkout, host or tool made: a container, or a volume or network that may
/// outlive its containers.
///
/// `resolve` follows the links of a path: Compose notes the way by which somebody came to a file.
///
/// # Errors
/// [`Foreign`], with the owner in words.
pub fn check(
    project: &str,
    observed: &Observed,
    checkout: &Checkout,
    resolve: &dyn Fn(&str) -> String,
) -> Result<(), Foreign> {
    let containers = observed.containers.iter().map(|container| {
        (format!("container {}", container.name), owner(&container.labels, checkout, resolve))
    });
    // Only gw's own labels tell whose a volume or network is: Compose notes no file on them.
    let volumes = observed.volumes.iter().map(|(name, volume)| (format!("volume {name}"), &volume.labels));
    let networks =
        observed.networks.iter().map(|(name, network)| (format!("network {name}"), &network.labels));
    let kept = volumes
        .chain(networks)
        .filter(|(_, labels)| {
            labels.get(labels::COMPOSE_PROJECT).is_some_and(|value| value == project)
                && labels.contains_key(labels::OWNER)
        })
        .map(|(thing, labels)| (thing, owner(labels, checkout, resolve)));
    match containers.chain(kept).find_map(|(thing, owner)| Some((thing, owner?))) {
        None => Ok(()),
        Some((thing, owner)) => Err(Foreign { project: project.to_owned(), owner, thing }),
    }
}

/// Who a thing with these labels belongs to, where it is not this checkout.
fn owner(
    labels: &BTreeMap<String, String>,
    checkout: &Checkout,
    resolve: &dyn Fn(&str) -> String,
) -> Option<String> {
    let label = |name: &str| labels.get(name).map_or("", String::as_str);
    let (id, path, host) = (label(labels::OWNER), label(labels::OWNER_PATH), label(labels::OWNER_HOST));
    if id.is_empty() {
        let files = label(labels::COMPOSE_FILES);
        let same = files.split(',').any(|file| file == checkout.file || resolve(file) == checkout.file);
        return (!same).then(|| {
            format!("docker compose with {}", if files.is_empty() { "other files" } else { files })
        });
    }
    if id == checkout.id && path == checkout.path && host == checkout.host {
        return None;
    }
    Some(if host == checkout.host {
        format!("the checkout in {path}")
    } else {
        format!("{path} on host {host}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::observed::{Container, Volume};

    fn checkout() -> Checkout {
        Checkout {
            id: "a1".into(),
            path: "/home/me/ms".into(),
            host: "laptop".into(),
            file: "/home/me/ms/c.yaml".into(),
        }
    }

    fn with(labels: &[(&str, &str)]) -> Observed {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Observed {
            containers: vec![Container { name: "ms-auth-1".into(), labels, ..Default::default() }],
            ..Default::default()
        }
    }

    fn verdict(labels: &[(&str, &str)]) -> String {
        let resolve = |file: &str| file.replace("/link/", "/home/me/ms/");
        check("ms", &with(labels), &checkout(), &resolve)
            .err()
            .map_or_else(|| "ours".into(), |foreign| foreign.to_string())
    }

    #[test]
    fn a_project_is_ours_by_id_path_and_host_together() {
        let ours =
            [(labels::OWNER, "a1"), (labels::OWNER_PATH, "/home/me/ms"), (labels::OWNER_HOST, "laptop")];
        assert_eq!(verdict(&ours), "ours");
        let copied = [ours[0], (labels::OWNER_PATH, "/home/me/copy"), ours[2]];
        assert_eq!(
            verdict(&copied),
            "project ms belongs to the checkout in /home/me/copy (container ms-auth-1)"
        );
        let elsewhere = [ours[0], ours[1], (labels::OWNER_HOST, "server")];
        assert_eq!(
            verdict(&elsewhere),
            "project ms belongs to /home/me/ms on host server (container ms-auth-1)"
        );
    }

    #[test]
    fn what_compose_started_from_this_file_is_ours_too() {
        assert_eq!(verdict(&[(labels::COMPOSE_FILES, "/x.yaml,/home/me/ms/c.yaml")]), "ours");
        assert_eq!(verdict(&[(labels::COMPOSE_FILES, "/link/c.yaml")]), "ours");
        let other = verdict(&[(labels::COMPOSE_FILES, "/x.yaml")]);
        assert_eq!(other, "project ms belongs to docker compose with /x.yaml (container ms-auth-1)");
    }

    #[test]
    fn a_volume_of_another_checkout_is_not_ours_though_no_container_is_left() {
        let labels = [
            (labels::COMPOSE_PROJECT, "ms"),
            (labels::OWNER, "b2"),
            (labels::OWNER_PATH, "/home/you/ms"),
            (labels::OWNER_HOST, "laptop"),
        ];
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let volumes = BTreeMap::from([("ms_redis".to_owned(), Volume { labels })]);
        let observed = Observed { volumes, ..Observed::default() };
        let foreign =
            check("ms", &observed, &checkout(), &|path| path.to_owned()).expect_err("it is foreign");
        assert_eq!(
            foreign.to_string(),
            "project ms belongs to the checkout in /home/you/ms (volume ms_redis)"
        );
    }
}

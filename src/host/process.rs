//! Which process has a socket, as far as `/proc` lets this user see.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::plan::ports::Process;

/// The processes that have these sockets, by inode; of several the one with the lowest id, which started the others.
pub(super) fn of_sockets(inodes: &BTreeSet<u64>) -> BTreeMap<u64, Process> {
    let mut found: BTreeMap<u64, u32> = BTreeMap::new();
    for id in std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| id(&entry)) {
        let folder = format!("/proc/{id}/fd");
        // Another user's processes keep theirs to themselves, and one may have ended.
        for link in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let inode = std::fs::read_link(link.path()).ok().and_then(|target| socket(&target));
            if let Some(inode) = inode.filter(|inode| inodes.contains(inode)) {
                let lowest = found.entry(inode).or_insert(id);
                *lowest = id.min(*lowest);
            }
        }
    }
    found.into_iter().map(|(inode, id)| (inode, process(id))).collect()
}

fn id(entry: &std::fs::DirEntry) -> Option<u32> {
    entry.file_name().to_str()?.parse().ok()
}

/// `socket:[4242]`.
fn socket(target: &Path) -> Option<u64> {
    target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

fn process(id: u32) -> Process {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{id}/{name}")).unwrap_or_default();
    let name = read("comm").trim_end().to_owned();
    Process { id, name, container: container(&read("cgroup")) }
}

/// The id of the container that a process runs in, from its control groups: the last 64 hexadecimal digits of a path.
fn container(groups: &str) -> Option<String> {
    let mut words = groups.split(|one: char| !one.is_ascii_hexdigit());
    words.rfind(|word| word.len() == 64).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inode_of_a_socket_is_in_its_link() {
        assert_eq!(socket(Path::new("socket:[4242]")), Some(4242));
        assert_eq!(socket(Path::new("/dev/null")), None);
    }

    #[test]
    fn the_container_is_in_the_control_group() {
        let id = "ab".repeat(32);
        assert_eq!(container(&format!("0::/system.slice/docker-{id}.scope\n")), Some(id.clone()));
        assert_eq!(container(&format!("2:cpu:/\n1:name=systemd:/docker/{id}\n")), Some(id.clone()));
        assert_eq!(container("0::/system.slice/docker.service\n"), None);
        let outer = "cd".repeat(32);
        let nested = format!("0::/docker/{outer}/libpod-{id}.scope/container\n");
        assert_eq!(container(&nested), Some(id));
        assert_eq!(container(""), None);
    }

    #[test]
    fn this_process_has_the_sockets_that_it_opens() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let table = std::fs::read_to_string("/proc/net/tcp").expect("Linux has it");
        let bound = super::super::sockets::parse(&table, true);
        let inode = bound.iter().find(|one| one.port == port).expect("it listens").inode;
        let found = of_sockets(&BTreeSet::from([inode]));
        assert_eq!(found.get(&inode).map(|process| process.id), Some(std::process::id()));
    }
}

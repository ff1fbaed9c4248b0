//! Who listens on ports of this host.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use tokio::net::TcpSocket;

use super::process;
use super::sockets::{self, Bound};
use crate::plan::ports::{Listener, Socket};

/// How often the tables are read at most while somebody listens whose process is not seen.
const LOOKS: u32 = 4;

/// The listeners that exclude one of the `wanted` sockets, without those on a `published` one: there the engine listens.
///
/// Linux tells who they are, as far as this user may know; elsewhere each wanted socket is bound for a moment, which tells
/// only whether that is possible.
pub fn listeners(wanted: &BTreeSet<Socket>, published: &BTreeSet<Socket>) -> Vec<Listener> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let look = || {
        let tables = if cfg!(target_os = "linux") { tables(wanted) } else { None };
        tables.map(|found| named(found, wanted, published))
    };
    // Whose process is not seen may be ending: then it is gone, or another's, at the next look.
    let is_clear = |found: &Option<Vec<Listener>>| {
        found.as_ref().is_none_or(|all| all.iter().all(|one| one.process.is_some()))
    };
    let mut found = look();
    for _ in 1..LOOKS {
        if is_clear(&found) {
            break;
        }
        found = look();
    }
    found.unwrap_or_else(|| tried(wanted, published))
}

/// What the kernel's tables have of the wanted ports; `None` where they cannot be read.
fn tables(wanted: &BTreeSet<Socket>) -> Option<Vec<(Socket, Bound)>> {
    let mut found = Vec::new();
    let protocols: BTreeSet<&str> = wanted.iter().map(|socket| socket.protocol.as_str()).collect();
    for protocol in protocols {
        let table = std::fs::read_to_string(format!("/proc/net/{protocol}")).ok()?;
        // A kernel without IPv6 has no such table.
        let table6 = std::fs::read_to_string(format!("/proc/net/{protocol}6")).unwrap_or_default();
        for bound in [table, table6].iter().flat_map(|table| sockets::parse(table, protocol == "tcp")) {
            let protocol = protocol.to_owned();
            let socket = Socket { address: bound.address, port: bound.port, protocol };
            if wanted.iter().any(|one| (one.port, &one.protocol) == (socket.port, &socket.protocol)) {
                found.push((socket, bound));
            }
        }
    }
    Some(found)
}

fn named(
    found: Vec<(Socket, Bound)>,
    wanted: &BTreeSet<Socket>,
    published: &BTreeSet<Socket>,
) -> Vec<Listener> {
    let takes_both: Vec<bool> = found.iter().map(|(socket, _)| takes_both(socket, &found)).collect();
    let in_the_way: Vec<(Socket, Bound, bool)> = found
        .into_iter()
        .zip(takes_both)
        .map(|((socket, bound), both)| (socket, bound, both))
        .filter(|(socket, _, both)| {
            !published.contains(socket) && wanted.iter().any(|mine| socket.excludes(*both, mine))
        })
        .collect();
    if in_the_way.is_empty() {
        return Vec::new();
    }
    let processes = process::of_sockets(&in_the_way.iter().map(|(_, bound, _)| bound.inode).collect());
    let listener = |(socket, bound, both): (Socket, Bound, bool)| Listener {
        socket,
        both,
        process: processes.get(&bound.inode).cloned(),
        user: Some(bound.user),
    };
    in_the_way.into_iter().map(listener).collect()
}

/// Whether a socket on `::` takes IPv4 too; the tables do not tell. Where another one has the port on IPv4 it does not.
fn takes_both(socket: &Socket, all: &[(Socket, Bound)]) -> bool {
    let same = |one: &Socket| (one.port, &one.protocol) == (socket.port, &socket.protocol);
    if socket.address != IpAddr::from([0; 16])
        || all.iter().any(|(one, _)| same(one) && one.address.is_ipv4())
    {
        return false;
    }
    let loopback = Socket { address: Ipv4Addr::LOCALHOST.into(), ..socket.clone() };
    // Where this user may not try, it is as by default.
    bind(&loopback).is_err()
}

/// The wanted sockets that cannot be bound because somebody has them.
fn tried(wanted: &BTreeSet<Socket>, published: &BTreeSet<Socket>) -> Vec<Listener> {
    let explained = |mine: &Socket| published.iter().any(|one| one.excludes(false, mine));
    let taken = |mine: &&Socket| {
        !explained(mine) && bind(mine).is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
    };
    let listener = |mine: &Socket| Listener { socket: mine.clone(), both: false, process: None, user: None };
    wanted.iter().filter(taken).map(listener).collect()
}

/// Binds a socket for a moment, without listening: nobody can connect to it.
fn bind(socket: &Socket) -> io::Result<()> {
    let address = SocketAddr::new(socket.address, socket.port);
    if socket.protocol == "udp" {
        return UdpSocket::bind(address).map(drop);
    }
    let new = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As engines do: what was closed a moment ago is no obstacle.
    new.set_reuseaddr(true)?;
    new.bind(address)
}

#[cfg(test)]
mod tests;

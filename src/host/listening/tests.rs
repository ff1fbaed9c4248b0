//! Real sockets on loopback, on ports that the system gives out.

use std::collections::BTreeSet;
use std::net::{IpAddr, TcpListener, UdpSocket};

use super::{Bound, bind, listeners, named, tables, takes_both, tried};
use crate::plan::ports::Socket;

fn socket(address: &str, port: u16, protocol: &str) -> Socket {
    Socket { address: address.parse().expect("an address"), port, protocol: protocol.to_owned() }
}

fn one(socket: Socket) -> BTreeSet<Socket> {
    BTreeSet::from([socket])
}

/// A listener and its port.
fn open(address: &str) -> (TcpListener, u16) {
    let listener =
        TcpListener::bind((address.parse::<IpAddr>().expect("an address"), 0)).expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    (listener, port)
}

#[test]
fn a_listener_of_this_process_is_found_with_its_name_and_id() {
    let (_held, port) = open("127.0.0.1");
    let found = listeners(&one(socket("127.0.0.1", port, "tcp")), &BTreeSet::new());
    assert_eq!(found.len(), 1, "{found:?}");
    let process = found[0].process.as_ref().expect("this process may look at itself");
    let name = std::fs::read_to_string("/proc/self/comm").expect("Linux has it");
    assert_eq!((process.id, process.name.as_str()), (std::process::id(), name.trim_end()));
    assert_eq!(found[0].socket, socket("127.0.0.1", port, "tcp"));
}

#[test]
fn another_address_another_protocol_and_what_the_engine_publishes_are_not_in_the_way() {
    let (_held, port) = open("127.0.0.2");
    let none = BTreeSet::new();
    assert_eq!(listeners(&one(socket("127.0.0.1", port, "tcp")), &none), []);
    assert_eq!(listeners(&one(socket("127.0.0.2", port, "udp")), &none), []);
    assert_eq!(listeners(&one(socket("0.0.0.0", port, "tcp")), &none).len(), 1);
    assert_eq!(listeners(&one(socket("0.0.0.0", port, "tcp")), &one(socket("127.0.0.2", port, "tcp"))), []);
}

#[test]
fn a_socket_of_udp_is_found() {
    let held = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
    let port = held.local_addr().expect("it is bound").port();
    let found = listeners(&one(socket("127.0.0.1", port, "udp")), &BTreeSet::new());
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_listener_on_every_address_of_ipv6_takes_ipv4_too_unless_it_says_otherwise() {
    let (_held, port) = open("::");
    let found = listeners(&one(socket("127.0.0.1", port, "tcp")), &BTreeSet::new());
    assert!(found.len() == 1 && found[0].both, "{found:?}");
}

#[test]
fn one_that_shares_its_port_with_a_listener_of_ipv4_takes_ipv6_alone() {
    let (_held, port) = open("::");
    let bound = |address: &str| {
        let socket = socket(address, port, "tcp");
        let bound = Bound { address: socket.address, port, user: 0, inode: 1 };
        (socket, bound)
    };
    assert!(takes_both(&socket("::", port, "tcp"), &[bound("::")]));
    assert!(!takes_both(&socket("::", port, "tcp"), &[bound("::"), bound("127.0.0.2")]));
    assert!(!takes_both(&socket("::1", port, "tcp"), &[bound("::1")]));
}

#[test]
fn without_tables_binding_tells_that_somebody_is_there() {
    let (_held, port) = open("127.0.0.1");
    let wanted = one(socket("127.0.0.1", port, "tcp"));
    let found = tried(&wanted, &BTreeSet::new());
    assert_eq!(
        found.iter().map(|one| (&one.socket, &one.process)).collect::<Vec<_>>(),
        [(&socket("127.0.0.1", port, "tcp"), &None)]
    );
    assert_eq!(tried(&wanted, &wanted), []);
    assert_eq!(tried(&one(socket("127.0.0.2", port, "tcp")), &BTreeSet::new()), []);
}

#[test]
fn a_look_leaves_the_port_free() {
    let (held, port) = open("127.0.0.1");
    drop(held);
    let wanted = socket("127.0.0.1", port, "tcp");
    bind(&wanted).expect("it is free");
    let found = tables(&one(wanted.clone())).expect("Linux has tables");
    assert_eq!(named(found, &one(wanted), &BTreeSet::new()), []);
    TcpListener::bind(("127.0.0.1", port)).expect("it is free still");
}

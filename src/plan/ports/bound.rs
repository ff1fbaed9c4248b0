//! Addresses of the host as somebody binds them, and which of them exclude each other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Serialize;

/// A port of the host on one address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Socket {
    /// The address; an unspecified one is every address of its family.
    pub address: IpAddr,
    /// The number.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
}

impl Socket {
    /// The sockets that the engine binds for a published port: none where it chooses the number itself, one for each
    /// family where no address is given. A text that is no address is the engine's to refuse.
    pub fn of_engine(address: &str, port: u16, protocol: &str) -> Vec<Self> {
        let bare = address.trim_start_matches('[').trim_end_matches(']');
        let addresses: Vec<IpAddr> = match bare {
            _ if port == 0 => Vec::new(),
            "" => vec![Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()],
            text => text.parse::<IpAddr>().map(|address| address.to_canonical()).into_iter().collect(),
        };
        let socket = |address| Self { address, port, protocol: protocol.to_owned() };
        addresses.into_iter().map(socket).collect()
    }

    /// Whether both cannot be bound at once; `both`: this one is `::` and takes IPv4 too, as a process may choose. The
    /// engine binds each family apart.
    pub fn excludes(&self, both: bool, other: &Self) -> bool {
        let every = |one: IpAddr, other: IpAddr| one.is_unspecified() && one.is_ipv4() == other.is_ipv4();
        self.port == other.port
            && self.protocol == other.protocol
            && (self.address == other.address
                || every(self.address, other.address)
                || every(other.address, self.address)
                || both && self.address.is_unspecified())
    }
}

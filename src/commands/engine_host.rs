//! The host that an engine publishes ports on, as seen from here; pure.

use crate::engine::docker::connect::Connection;
use crate::engine::probe::reach::{Reach, is_loopback};

/// The host of a connected engine.
#[derive(Clone, Copy)]
pub(super) struct EngineHost<'a> {
    name: &'a str,
    reach: Reach,
}

impl<'a> EngineHost<'a> {
    /// The host of a connected engine.
    pub(super) fn of(connection: &'a Connection) -> Self {
        Self { name: connection.published_host(), reach: connection.reach }
    }

    /// Whether a port that is published at this address is out of reach: it is loopback of another machine.
    pub(super) fn hides(&self, address: &str) -> bool {
        self.reach == Reach::Open && is_loopback(address)
    }

    /// `HOST:PORT` at which a port is found that is published at this address.
    pub(super) fn at(&self, address: &str, port: u16) -> String {
        let anywhere = ["", "0.0.0.0", "::"].contains(&address) || is_loopback(address);
        let host = if anywhere { self.name } else { address };
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// `ADDRESS:PORT` as the engine says it, with the host's name where that is another machine.
    pub(super) fn bound(&self, address: &str, port: u16) -> String {
        if self.reach == Reach::Open { self.at(address, port) } else { format!("{address}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_engines() {
        let local = EngineHost { name: "127.0.0.1", reach: Reach::Containers };
        let far = EngineHost { name: "172.17.0.5", reach: Reach::Open };
        for (address, from_local, from_far, hidden) in [
            ("127.0.0.1", "127.0.0.1:80", "172.17.0.5:80", true),
            ("0.0.0.0", "127.0.0.1:80", "172.17.0.5:80", false),
            ("::", "127.0.0.1:80", "172.17.0.5:80", false),
            ("", "127.0.0.1:80", "172.17.0.5:80", false),
            ("::1", "127.0.0.1:80", "172.17.0.5:80", true),
            ("10.0.0.7", "10.0.0.7:80", "10.0.0.7:80", false),
            ("fd00::7", "[fd00::7]:80", "[fd00::7]:80", false),
        ] {
            assert_eq!(
                (local.at(address, 80).as_str(), local.hides(address)),
                (from_local, false),
                "{address}"
            );
            assert_eq!((far.at(address, 80).as_str(), far.hides(address)), (from_far, hidden), "{address}");
        }
        assert_eq!(local.bound("0.0.0.0", 80), "0.0.0.0:80");
        assert_eq!(far.bound("0.0.0.0", 80), "172.17.0.5:80");
    }
}

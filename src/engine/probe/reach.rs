//! What of an engine can be reached from here; pure.

/// What can be reached from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Each container at its own address: the engine is Linux, and this machine is its host.
    Containers,
    /// Every published port: the engine publishes them on this machine, also where it runs in a virtual machine or as a user.
    Ports,
    /// Perhaps published ports: the engine answers on this machine, but it may be another one's that somebody forwards.
    Perhaps,
    /// What is published on more than loopback: the engine is another machine's.
    Open,
}

/// What is known of an engine.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Host name or address that it was called at; `None` for a socket of this machine.
    pub host: Option<&'a str>,
    /// The engine and this machine both run Linux.
    pub linux: bool,
    /// It is Docker Desktop.
    pub desktop: bool,
    /// It runs without root: its containers have a network of their own.
    pub rootless: bool,
    /// What its host is called; `None` where it does not tell.
    pub name: Option<&'a str>,
    /// What this machine is called.
    pub own_name: &'a str,
}

/// Tells what can be reached of an engine.
pub fn reach(seen: &Seen<'_>) -> Reach {
    let here = seen.name.is_some_and(|name| name == seen.own_name);
    match seen.host {
        Some(host) if !is_loopback(host) => Reach::Open,
        _ if seen.desktop || !seen.linux => Reach::Ports,
        _ if here && seen.rootless => Reach::Ports,
        _ if here => Reach::Containers,
        _ => Reach::Perhaps,
    }
}

/// Whether a host name or address is this machine's own loopback.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An engine of this machine behind its socket.
    const HERE: Seen<'static> = Seen {
        host: None,
        linux: true,
        desktop: false,
        rootless: false,
        name: Some("laptop"),
        own_name: "laptop",
    };

    #[test]
    fn an_engine_of_this_machine_shows_its_containers() {
        assert_eq!(reach(&HERE), Reach::Containers);
        assert_eq!(reach(&Seen { host: Some("127.0.0.1"), ..HERE }), Reach::Containers);
        assert_eq!(reach(&Seen { host: Some("::1"), ..HERE }), Reach::Containers);
    }

    #[test]
    fn a_rootless_engine_or_one_in_a_virtual_machine_shows_ports() {
        assert_eq!(reach(&Seen { rootless: true, ..HERE }), Reach::Ports);
        assert_eq!(reach(&Seen { desktop: true, name: Some("docker-desktop"), ..HERE }), Reach::Ports);
        assert_eq!(reach(&Seen { linux: false, name: Some("colima"), ..HERE }), Reach::Ports);
    }

    #[test]
    fn a_socket_of_a_machine_with_another_name_may_be_forwarded() {
        assert_eq!(reach(&Seen { name: Some("build-server"), ..HERE }), Reach::Perhaps);
        assert_eq!(
            reach(&Seen { host: Some("localhost"), name: Some("build-server"), ..HERE }),
            Reach::Perhaps
        );
        assert_eq!(reach(&Seen { name: None, ..HERE }), Reach::Perhaps);
    }

    #[test]
    fn an_engine_at_another_address_is_another_machines_whatever_it_is_called() {
        assert_eq!(reach(&Seen { host: Some("build.test"), ..HERE }), Reach::Open);
        assert_eq!(reach(&Seen { host: Some("172.17.0.5"), desktop: true, ..HERE }), Reach::Open);
    }
}

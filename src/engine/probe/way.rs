//! Which way a probe's question goes to a container; pure.

use super::reach::{Reach, is_loopback};
use super::{Target, in_words, port};
use crate::plan::desired::Probe;

/// What an engine tells of a running container, as far as a question needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inside {
    /// It shares the network of the engine's host.
    pub host_network: bool,
    /// Its own address, where it has one by now.
    pub address: Option<String>,
    /// Addresses and ports of the engine's host at which the asked port is published.
    pub published: Vec<(String, u16)>,
    /// The health check that the engine runs: `CMD` and words, `CMD-SHELL` and a line, `NONE`, or nothing.
    pub healthcheck: Vec<String>,
}

/// A way for a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Nothing is asked: running is enough.
    Running,
    /// Over the network.
    Network(Target),
    /// The probe's own command, inside the container.
    Command(Vec<String>),
    /// The health check's command, inside the container: the port is out of reach.
    HealthCheck {
        /// The command.
        command: Vec<String>,
        /// The port that cannot be reached.
        port: u16,
    },
    /// It has no address yet.
    NotYet,
    /// There is none; why, and what to do.
    Closed(String),
}

/// Chooses the way of a probe's question: over the network where only the container can answer, else by exec.
///
/// `host` is where the engine's published ports are.
pub fn way(probe: &Probe, reach: Reach, host: &str, inside: &Inside) -> Way {
    let asked = match (probe, port(probe)) {
        (Probe::Exec { command }, _) => return Way::Command(command.clone()),
        (_, None) => return Way::Running,
        (_, Some(port)) => port,
    };
    if inside.host_network {
        return Way::Network(Target { host: host.to_owned(), port: asked, proxied: false });
    }
    if reach == Reach::Containers {
        return match &inside.address {
            Some(address) => Way::Network(Target { host: address.clone(), port: asked, proxied: false }),
            None => Way::NotYet,
        };
    }
    let published = inside.published.iter().find_map(|(address, port)| {
        let host = seen_from_here(address, reach, host)?;
        Some(Way::Network(Target { host, port: *port, proxied: true }))
    });
    match (published, command(&inside.healthcheck)) {
        (Some(published), _) if reach != Reach::Perhaps => published,
        (_, Some(command)) => Way::HealthCheck { command, port: asked },
        (Some(published), None) => published,
        (None, None) => Way::Closed(closed(asked, &inside.published)),
    }
}

/// Where an address of the engine's host is reached from here.
fn seen_from_here(address: &str, reach: Reach, host: &str) -> Option<String> {
    if address.is_empty() || address == "0.0.0.0" || address == "::" {
        Some(host.to_owned())
    } else if is_loopback(address) {
        (reach != Reach::Open).then(|| host.to_owned())
    } else {
        Some(address.to_owned())
    }
}

fn closed(asked: u16, published: &[(String, u16)]) -> String {
    let (why, port) = match published.first() {
        Some((address, _)) => (
            format!("port {asked} is published on {address} of the engine's machine only"),
            "give the port another `address`",
        ),
        None => (format!("port {asked} is not published"), "give the port a `host` and an `address`"),
    };
    format!("{why}, so it cannot be reached from here: {port} in the profile, or the service a `healthcheck`")
}

/// The command of a health check as an exec takes it.
fn command(test: &[String]) -> Option<Vec<String>> {
    let (kind, words) = test.split_first()?;
    match kind.as_str() {
        "CMD" if !words.is_empty() => Some(words.to_vec()),
        "CMD-SHELL" => Some(vec!["/bin/sh".to_owned(), "-c".to_owned(), words.first()?.clone()]),
        _ => None,
    }
}

impl Way {
    /// The question in words, where it goes another way than the probe says.
    pub fn in_words(&self, probe: &Probe) -> String {
        match self {
            Self::HealthCheck { command, port } => {
                let words = command.join(" ");
                format!("exec {words} (its health check; port {port} is out of reach)")
            }
            _ => in_words(probe),
        }
    }

    /// The question runs a program inside the container.
    pub fn is_exec(&self) -> bool {
        matches!(self, Self::Command(_) | Self::HealthCheck { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTP: fn() -> Probe =
        || Probe::Http { path: "/health".to_owned(), port: 9001, status: None, body: None };

    /// A container with an address, a port published at `address`, and a health check.
    fn inside(address: &str, healthcheck: &[&str]) -> Inside {
        Inside {
            host_network: false,
            address: Some("172.18.0.2".to_owned()),
            published: vec![(address.to_owned(), 19_001)],
            healthcheck: healthcheck.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    /// The way in short: `HOST:PORT`, with `via` where a proxy is between; else the words.
    fn short(way: &Way) -> String {
        match way {
            Way::Network(Target { host, port, proxied }) => {
                format!("{}{host}:{port}", if *proxied { "via " } else { "" })
            }
            Way::HealthCheck { command, .. } | Way::Command(command) => format!("exec {}", command.join(" ")),
            Way::Running => "running".to_owned(),
            Way::NotYet => "not yet".to_owned(),
            Way::Closed(why) => why.clone(),
        }
    }

    const CHECK: [&str; 3] = ["CMD", "/app", "--health"];

    #[test]
    fn each_reach_has_its_way_to_a_published_port() {
        let table = [
            (Reach::Containers, "127.0.0.1", "172.18.0.2:9001"),
            (Reach::Containers, "0.0.0.0", "172.18.0.2:9001"),
            (Reach::Ports, "127.0.0.1", "via engine:19001"),
            (Reach::Ports, "0.0.0.0", "via engine:19001"),
            (Reach::Ports, "10.0.0.7", "via 10.0.0.7:19001"),
            (Reach::Perhaps, "127.0.0.1", "exec /app --health"),
            (Reach::Perhaps, "0.0.0.0", "exec /app --health"),
            (Reach::Open, "127.0.0.1", "exec /app --health"),
            (Reach::Open, "::1", "exec /app --health"),
            (Reach::Open, "0.0.0.0", "via engine:19001"),
            (Reach::Open, "::", "via engine:19001"),
            (Reach::Open, "", "via engine:19001"),
            (Reach::Open, "10.0.0.7", "via 10.0.0.7:19001"),
        ];
        for (reach, address, expected) in table {
            let found = way(&HTTP(), reach, "engine", &inside(address, &CHECK));
            assert_eq!(short(&found), expected, "{reach:?} {address}");
        }
    }

    #[test]
    fn without_a_health_check_a_port_that_may_be_here_is_tried() {
        let found = way(&HTTP(), Reach::Perhaps, "127.0.0.1", &inside("127.0.0.1", &[]));
        assert_eq!(short(&found), "via 127.0.0.1:19001");
    }

    #[test]
    fn without_any_way_the_answer_says_what_to_do() {
        let found = way(&HTTP(), Reach::Open, "engine", &inside("127.0.0.1", &["NONE"]));
        assert_eq!(
            short(&found),
            "port 9001 is published on 127.0.0.1 of the engine's machine only, so it cannot be reached from here: give the port \
             another `address` in the profile, or the service a `healthcheck`"
        );
        for reach in [Reach::Ports, Reach::Perhaps, Reach::Open] {
            let hidden = Inside { published: Vec::new(), ..inside("", &[]) };
            assert_eq!(
                short(&way(&HTTP(), reach, "engine", &hidden)),
                "port 9001 is not published, so it cannot be reached from here: give the port a `host` and an `address` in the \
                 profile, or the service a `healthcheck`"
            );
            let checked = Inside { published: Vec::new(), ..inside("", &CHECK) };
            assert_eq!(short(&way(&HTTP(), reach, "engine", &checked)), "exec /app --health");
        }
        let new = Inside { address: None, ..inside("127.0.0.1", &CHECK) };
        let found = way(&HTTP(), Reach::Containers, "127.0.0.1", &new);
        assert_eq!(found, Way::NotYet);
    }

    #[test]
    fn the_first_address_that_can_be_reached_counts() {
        let mut both = inside("127.0.0.1", &[]);
        both.published.push(("0.0.0.0".to_owned(), 29_001));
        assert_eq!(short(&way(&HTTP(), Reach::Open, "engine", &both)), "via engine:29001");
    }

    #[test]
    fn a_container_on_the_hosts_network_is_asked_there() {
        let shared = Inside { host_network: true, ..Inside::default() };
        for reach in [Reach::Containers, Reach::Ports, Reach::Perhaps, Reach::Open] {
            assert_eq!(short(&way(&Probe::Tcp { port: 80 }, reach, "engine", &shared)), "engine:80");
        }
    }

    #[test]
    fn a_health_check_is_run_as_the_engine_runs_it() {
        let by = |test: &[&str]| short(&way(&HTTP(), Reach::Open, "engine", &inside("127.0.0.1", test)));
        assert_eq!(
            by(&["CMD-SHELL", "curl -f localhost || exit 1"]),
            "exec /bin/sh -c curl -f localhost || exit 1"
        );
        for none in [&["NONE"][..], &["CMD"], &["CMD-SHELL"], &[]] {
            assert!(by(none).starts_with("port 9001 is published on 127.0.0.1"), "{none:?}");
        }
    }

    #[test]
    fn what_is_not_asked_over_the_network_goes_its_own_way() {
        let probe = Probe::Exec { command: vec!["pg_isready".to_owned()] };
        for reach in [Reach::Containers, Reach::Open] {
            let own = way(&probe, reach, "engine", &inside("127.0.0.1", &CHECK));
            assert_eq!((short(&own).as_str(), own.is_exec()), ("exec pg_isready", true));
            assert_eq!(way(&Probe::None, reach, "engine", &Inside::default()), Way::Running);
        }
    }

    #[test]
    fn the_words_say_when_another_question_is_asked() {
        let found = way(&HTTP(), Reach::Open, "engine", &inside("127.0.0.1", &CHECK));
        assert_eq!(
            found.in_words(&HTTP()),
            "exec /app --health (its health check; port 9001 is out of reach)"
        );
        let found = way(&HTTP(), Reach::Ports, "engine", &inside("127.0.0.1", &CHECK));
        assert_eq!(found.in_words(&HTTP()), "GET /health on port 9001");
    }
}

//! Commands that take the place of docker, dockerd, apt and cargo on a machine of a test's own.

use super::machine::Machine;

/// The command docker with its plugins; an engine answers it when /run/test/engine is there.
pub(crate) const DOCKER: &str = r#"
case "$1 ${2:-}" in
  'version '*) [ -e /run/test/engine ] && echo 27.5.1 ;;
  'context show') echo "${TEST_CONTEXT:-default}" ;;
  'compose version' | 'buildx version') ;;
  'image inspect') [ -n "${TEST_PUBLIC_IMAGES:-}" ] ;;
  *) exit 1 ;;
esac"#;

/// A dockerd that an engine answers from then on.
pub(crate) const DOCKERD: &str = "touch /run/test/engine";

/// A cargo that is new enough; whatever else it is asked is noted.
const CARGO: &str = r#"
case $1 in
  --version) echo 'cargo 1.96.0 (30a34c682 2026-05-25)' ;;
  *) echo "cargo $*" >>/run/test/called ;;
esac"#;

/// An apt that reaches no mirror.
const NO_NETWORK: &str = "echo 'E: Unable to fetch some archives' >&2\nexit 100";

/// An apt that has everything: what it says of an installation is that two packages are new and one is replaced.
const EVERYTHING: &str = r#"
case $* in
  *' -s '* | '-s '*)
    echo 'Inst first (1.0 Debian:13/stable [amd64])'
    echo 'Inst old [0.9] (1.0 Debian:13/stable [amd64])'
    echo 'Inst second (1.0 Debian:13/stable [amd64])'
    ;;
  *' install '*)
    cat /usr/sbin/policy-rc.d >/run/test/policy
    for package in "$@"; do
      [ ! -d "/run/test/packages/${package%/*}" ] || mv "/run/test/packages/${package%/*}"/* /run/test/bin
    done
    ;;
esac"#;

/// What apt knows of cargo-web on a Debian with the security suite.
const KNOWS_CARGO: &str = "echo '  Candidate: 1.96.0+dfsg1-1~deb12u2'";

impl Machine {
    /// Every call of apt-get is noted, and fails.
    pub(crate) fn apt_without_network(self) -> Self {
        self.recorded("apt-get", NO_NETWORK).command("apt-cache", KNOWS_CARGO)
    }

    /// Every call of apt-get is noted; an installation brings the packages of [`Machine::packaged`].
    pub(crate) fn apt(self) -> Self {
        self.apt_knowing(KNOWS_CARGO)
    }

    /// The same, with an `apt-cache` of the test's own.
    pub(crate) fn apt_knowing(self, cache: &str) -> Self {
        self.recorded("apt-get", EVERYTHING).command("apt-cache", cache)
    }

    /// An engine that answers, with its command and plugins.
    pub(crate) fn engine(self) -> Self {
        self.file("engine").command("docker", DOCKER)
    }

    /// A Rust that is new enough.
    pub(crate) fn cargo(self) -> Self {
        self.command("cargo", CARGO)
    }

    /// All commands that `scripts/demo` and `scripts/test` need, without an engine.
    pub(crate) fn all_tools(self) -> Self {
        let names = ["cc", "curl", "jq", "ip", "docker-registry"];
        names.into_iter().fold(self.cargo(), |machine, name| machine.command(name, ""))
    }
}

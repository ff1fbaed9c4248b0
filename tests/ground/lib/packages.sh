# shellcheck shell=bash disable=SC2154
# Debian packages: what is missing, which suite it comes from, installing it, and a record of what was new.
# Needs state.sh and consent.sh.
#   $ground_state/packages   names that were not on the machine before the ground put them there
#   $ground_state/created    paths that were not on the machine before (sources, preferences, the engine's folders)

export DEBIAN_FRONTEND=noninteractive
newer_suite=trixie
newer_sources=/etc/apt/sources.list.d/gw-ground-trixie.sources
newer_preferences=/etc/apt/preferences.d/gw-ground-trixie

# os_release KEY: what /etc/os-release says, empty where it does not say it.
os_release() {
  [ ! -r /etc/os-release ] || (. /etc/os-release && echo "${!1:-}")
}

is_debian_root() {
  [ "$(id -u)" = 0 ] && [ "$(os_release ID)" = debian ]
}

has_package() {
  [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = 'ii ' ]
}

# record_created PATH...: call it before the paths come into being; those that are there already are not the ground's.
record_created() {
  local path
  mkdir -p "$ground_state"
  for path in "$@"; do
    [ -e "$path" ] || echo "$path" >>"$ground_state/created"
  done
}

# The machine's own mirror of its Debian release: from sources.list lines or from deb822 files, whichever it has.
debian_mirror() {
  local codename
  codename=$(os_release VERSION_CODENAME)
  local files=()
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [ ! -f "$file" ] || files+=("$file")
  done
  [ ${#files[@]} -gt 0 ] || return 1
  awk -v codename="$codename" '
    function finish() { if (enabled && uri != "" && suite) { print uri; found = 1; exit } uri = ""; suite = 0; enabled = 1 }
    BEGIN { enabled = 1 }
    FNR == 1 || NF == 0 { finish() }
    /^#/ { next }
    $1 == "deb" {                                     # deb [options] URI suite components
      line = $0; sub(/\[[^]]*\]/, "", line); split(line, part, /[ \t]+/)
      if (part[3] == codename && part[2] !~ /^cdrom/) { print part[2]; found = 1; exit }
    }
    tolower($1) == "enabled:" && tolower($2) == "no" { enabled = 0 }
    tolower($1) == "uris:" { uri = $2 }
    tolower($1) == "suites:" { for (i = 2; i <= NF; i++) if ($i == codename) suite = 1 }
    END { if (!found && enabled && uri != "" && suite) { print uri; found = 1 } exit !found }
  ' "${files[@]}"
}

# Debian 12 lacks what the ground needs (an engine with API 1.44, a Go that reads today's go.mod): Debian 13 serves both.
# Debian's next release has no version number yet.
needs_newer_suite() {
  local version
  version=$(os_release VERSION_ID)
  [ "$(os_release ID)" = debian ] && [ "${version:-13}" -lt 13 ]
}

has_newer_suite() {
  apt-cache policy 2>/dev/null | grep -q "n=$newer_suite,"
}

# Adds the newer suite from the machine's own mirror, pinned low, so that only what is asked for by name comes from it.
add_newer_suite() {
  has_newer_suite && return 0
  local mirror
  mirror=$(debian_mirror) || die "no Debian mirror found in /etc/apt/sources.list or /etc/apt/sources.list.d"
  record_created "$newer_sources" "$newer_preferences"
  printf '%s\n' 'Types: deb' "URIs: $mirror" "Suites: $newer_suite" 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$newer_sources"
  printf '%s\n' 'Package: *' "Pin: release n=$newer_suite" 'Pin-Priority: 100' >"$newer_preferences"
}

# apt_quietly VERB...: in a session of its own, so that Ctrl-C does not leave half-configured packages.
apt_quietly() {
  local log=$ground_state/apt.log
  mkdir -p "$ground_state"
  setsid --wait apt-get -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null || {
    cat "$log" >&2
    die "apt-get $1 failed"
  }
}

refresh_package_lists() {
  [ -z "${ground_lists_fresh:-}" ] || return 0
  apt_quietly update -qq
  ground_lists_fresh=1
}

# Services that packages bring (a registry, an engine) must not start by themselves: Debian asks this file.
service_policy=/usr/sbin/policy-rc.d

forbid_services() {
  [ ! -e "$service_policy" ] || return 0
  record_created "$service_policy"
  printf '#!/bin/sh\n# written by gw tests/ground while it installs packages\nexit 101\n' >"$service_policy"
  chmod 755 "$service_policy"
}

allow_services() {
  if grep -qs 'written by gw tests/ground' "$service_policy"; then rm -f "$service_policy"; fi
}

# from_newer NAME...: the packages by name, each from the newer suite where this Debian's own are too old.
from_newer() {
  local name
  for name in "$@"; do
    if needs_newer_suite; then echo "$name/$newer_suite"; else echo "$name"; fi
  done
}

# install_packages PACKAGE...: a name may end in /SUITE. What apt would add is recorded before it is added.
install_packages() {
  local plan
  case "$*" in
    */"$newer_suite"*) add_newer_suite ;;
  esac
  refresh_package_lists
  plan=$(apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" 2>&1) || {
    printf '%s\n' "$plan" >&2
    die "apt-get cannot install: $*"
  }
  mkdir -p "$ground_state"
  # "Inst NAME (" is new, "Inst NAME [OLD] (" replaces a version that was there and stays after a reset.
  awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }' <<<"$plan" >>"$ground_state/packages"
  sort -u -o "$ground_state/packages" "$ground_state/packages"
  awk '$1 == "Inst" && $3 ~ /^\[/ { print "ground: apt upgrades " $2 " from " $3 }' <<<"$plan" >&2
  forbid_services
  trap allow_services EXIT
  apt_quietly install -y --no-install-recommends "$@"
  allow_services
  trap - EXIT
}

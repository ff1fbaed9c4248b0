# shellcheck shell=bash
# Debian packages: what is missing, which suite it comes from, installing it, and a record of what was new.
# Needs state.sh and consent.sh.
#   $ground_state/packages         names that were not on the machine before the ground put them there
#   $ground_state/apt-files        files that the ground wrote under /etc/apt

export DEBIAN_FRONTEND=noninteractive
newer_suite=trixie
newer_sources=/etc/apt/sources.list.d/gw-ground-trixie.sources
newer_preferences=/etc/apt/preferences.d/gw-ground-trixie

is_debian_root() {
  [ "$(id -u)" = 0 ] && [ -r /etc/os-release ] && [ "$(. /etc/os-release && echo "$ID")" = debian ]
}

debian_version() {
  (. /etc/os-release && echo "${VERSION_ID:-13}")
}

has_package() {
  [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = 'ii ' ]
}

# The machine's own mirror of its Debian release: from sources.list lines or from deb822 files, whichever it has.
debian_mirror() {
  local codename
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
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
needs_newer_suite() {
  [ "$(debian_version)" -lt 13 ]
}

has_newer_suite() {
  apt-cache policy 2>/dev/null | grep -q "n=$newer_suite,"
}

# Adds the newer suite from the machine's own mirror, pinned low, so that only what is asked for by name comes from it.
add_newer_suite() {
  has_newer_suite && return 0
  local mirror
  mirror=$(debian_mirror) || die "no Debian mirror found in /etc/apt/sources.list or /etc/apt/sources.list.d"
  printf '%s\n' 'Types: deb' "URIs: $mirror" "Suites: $newer_suite" 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$newer_sources"
  printf '%s\n' 'Package: *' "Pin: release n=$newer_suite" 'Pin-Priority: 100' >"$newer_preferences"
  mkdir -p "$ground_state"
  printf '%s\n' "$newer_sources" "$newer_preferences" >"$ground_state/apt-files"
}

apt_quietly() {
  local log=$ground_state/apt.log
  mkdir -p "$ground_state"
  apt-get -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null || {
    cat "$log" >&2
    die "apt-get $1 failed"
  }
}

refresh_package_lists() {
  [ -z "${ground_lists_fresh:-}" ] || return 0
  apt_quietly -qq update
  ground_lists_fresh=1
}

# install_packages PACKAGE...: a name may end in /SUITE. What apt would add is recorded before it is added.
install_packages() {
  refresh_package_lists
  local plan
  plan=$(apt-get -s -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" 2>&1) || {
    printf '%s\n' "$plan" >&2
    die "apt-get cannot install: $*"
  }
  mkdir -p "$ground_state"
  # "Inst NAME (" is new, "Inst NAME [OLD] (" replaces a version that was there and stays after a reset.
  awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }' <<<"$plan" >>"$ground_state/packages"
  sort -u -o "$ground_state/packages" "$ground_state/packages"
  awk '$1 == "Inst" && $3 ~ /^\[/ { print "ground: apt upgrades " $2 " from " $3 }' <<<"$plan" >&2
  apt_quietly install -y --no-install-recommends "$@"
}

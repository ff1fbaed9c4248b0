# shellcheck shell=bash disable=SC2154
# Debian packages of another release, unpacked into the ground's state and not installed: nothing else on the machine
# changes, and nothing is asked. Needs state.sh and packages.sh.
#   $ground_state/unpacked/NAME   a root folder with the packages in it

# apt with sources, lists, cache and package states of its own; proxies and the like stay the machine's.
apt_beside() {
  APT_CONFIG=$ground_state/beside/apt.conf apt-get "$@" >"$ground_state/beside/apt.log" 2>&1 || {
    cat "$ground_state/beside/apt.log" >&2
    die "apt-get $1 failed"
  }
}

# prepare_beside SUITE: the machine's own mirror, another release.
prepare_beside() {
  local beside=$ground_state/beside mirror
  mirror=$(debian_mirror) || die "no Debian mirror found in /etc/apt/sources.list or /etc/apt/sources.list.d"
  mkdir -p "$beside/none" "$beside/lists/partial" "$beside/cache/archives/partial"
  : >"$beside/status"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$1" >"$beside/sources.list"
  cat >"$beside/apt.conf" <<CONF
Dir::Etc::SourceList "$beside/sources.list";
Dir::Etc::SourceParts "$beside/none";
Dir::Etc::Preferences "$beside/none/preferences";
Dir::Etc::PreferencesParts "$beside/none";
Dir::State::Lists "$beside/lists";
Dir::State::Status "$beside/status";
Dir::Cache "$beside/cache";
APT::Sandbox::User "root";
CONF
  apt_beside -qq update
}

# unpacked NAME SUITE PACKAGE...: prints the folder, made at the first call.
unpacked() {
  local name=$1 suite=$2 folder=$ground_state/unpacked/$1 package
  shift 2
  mkdir -p "$ground_state/unpacked"
  exec {unpack_lock}>"$ground_state/unpacked/lock"
  flock "$unpack_lock"
  if [ "$(cat "$folder/packages" 2>/dev/null)" != "$suite: $*" ]; then
    is_debian_root || die "$name of Debian's $suite is unpacked from Debian's packages, as root on Debian only"
    say "fetching $name of Debian's $suite into $folder: $*"
    prepare_beside "$suite"
    rm -rf "$folder" "$folder.new"
    mkdir -p "$folder.new/archives"
    (cd "$folder.new/archives" && apt_beside download "$@")
    for package in "$folder.new"/archives/*.deb; do
      dpkg-deb --extract "$package" "$folder.new"
    done
    rm -rf "$folder.new/archives"
    echo "$suite: $*" >"$folder.new/packages"
    mv "$folder.new" "$folder"
  fi
  exec {unpack_lock}>&-
  echo "$folder"
}

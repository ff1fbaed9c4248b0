# shellcheck shell=bash
# Two runs of the ground take turns: take_turns "$0" "$@" runs the script again under a lock, once for a tree of scripts.
# The lock is held by flock itself, not inherited, so that a dockerd which is started here does not keep it.

take_turns() {
  [ -z "${GW_GROUND_TURN:-}" ] || return 0
  command -v flock >/dev/null || return 0
  export GW_GROUND_TURN=1
  exec flock --close "${TMPDIR:-/tmp}/gw-ground-$(id -u).lock" "$@"
}

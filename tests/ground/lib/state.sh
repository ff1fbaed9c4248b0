# shellcheck shell=bash
# What every script of the ground shares: the state folder, and how it speaks and gives up.
# Standard output is kept for `export` lines and answers; all progress goes to standard error.

if [ -n "${GW_GROUND_STATE:-}" ]; then
  ground_state=$GW_GROUND_STATE
elif [ "$(id -u)" = 0 ]; then
  ground_state=/var/lib/gw-ground
else
  ground_state=${XDG_STATE_HOME:-$HOME/.local/state}/gw-ground
fi
export ground_state

say() { printf 'ground: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# until_true SECONDS COMMAND...: polls ten times a second, fails when the deadline passes.
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

# Is process $1 alive, and is it the program $2? (A pid file may outlive its process, the number may be reused, and a
# process that ended stays listed until somebody asks for its end.)
is_program() {
  [ -n "${1:-}" ] && grep -qs "^$1 ($2) [^Z]" "/proc/$1/stat"
}

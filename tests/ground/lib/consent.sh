# shellcheck shell=bash
# Asks before the machine is changed: on a terminal the answer counts, `--yes` or no terminal means yes.
# Needs state.sh. GW_GROUND_YES carries `--yes`, or a yes that was typed, from one script to the next; GW_GROUND_SAID that what
# they will do has been said.

# take_consent_option "$@": the only option that most scripts of the ground have.
take_consent_option() {
  local argument
  for argument in "$@"; do
    case $argument in
      --yes) export GW_GROUND_YES=1 ;;
      *) die "unknown argument: $argument (only --yes is known)" ;;
    esac
  done
}

# consent QUESTION: call it after what will happen has been said.
consent() {
  [ -z "${GW_GROUND_YES:-}" ] || return 0
  [ -t 0 ] && [ -t 2 ] || return 0
  local answer
  printf 'ground: %s [y/N] ' "$1" >&2
  read -r answer || {
    answer=''
    printf '\n' >&2
  }
  case $answer in
    y | Y | yes | Yes) export GW_GROUND_YES=1 ;;
    *) die "nothing was changed" ;;
  esac
}

# shellcheck shell=bash disable=SC2154
# Starting, asking and removing the containers of one row of the contract. Everything carries the row's label.
# Needs state.sh, and $row, $client (the MongoDB client), $here.

label=gw.ground.contract=$row-$$

# image NAME: the image that stands for the public one, as gw's own image map says.
image() {
  if [ -n "${GW_IMAGE_MAP:-}" ]; then
    jq -er --arg name "$1" '.images[$name]' "$GW_IMAGE_MAP"
  else
    echo "$1"
  fi
}

is_stand_in() { [ -n "${GW_IMAGE_MAP:-}" ]; }

# start OPTION... IMAGE ARGUMENT...: prints the container's id.
start() { docker run --detach --label "$label" "$@"; }

# run OPTION... IMAGE ARGUMENT...: in the foreground, with its exit code.
run() { docker run --rm --label "$label" "$@"; }

volume() { docker volume create --label "$label"; }

network() {
  local name=gw-contract-$row-$$
  docker network create --label "$label" "$name" >/dev/null
  echo "$name"
}

# rendered PROFILE SERVICE FIELD: a field of a service in the committed files, as Compose reads it: one line a list's element.
rendered() {
  docker compose --file "$repository/generated/$1/compose.yaml" --env-file "$here/contract.d/secrets.env" config --format json |
    jq -r --arg service "$2" ".services[\$service]$3"' | if type == "array" then .[] else . end | gsub("\\$\\$"; "$")'
}

remove_all() {
  local kind
  docker ps --all --quiet --filter "label=$label" | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
  for kind in volume network; do
    docker "$kind" ls --quiet --filter "label=$label" | xargs --no-run-if-empty docker "$kind" rm >/dev/null
  done
}

address() { docker port "$1" "$2/tcp" | head -n 1; }

exit_code() { docker wait "$1"; }

is_running_container() { [ "$(docker inspect --format '{{.State.Running}}' "$1")" = true ]; }

# user_ids CONTAINER: the distinct user ids of its processes.
user_ids() { docker top "$1" -eo pid,uid | awk 'NR > 1 { print $2 }' | sort -nu | paste -sd ' '; }

# same ACTUAL EXPECTED, contains TEXT PART: the two assertions of the contract.
same() {
  [ "$1" = "$2" ] || {
    echo "expected: $2"
    echo "but was:  $1"
    return 1
  }
}

contains() {
  case $1 in
    *"$2"*) ;;
    *)
      echo "expected to contain: $2"
      echo "but was: $1"
      return 1
      ;;
  esac
}

# eventually COMMAND...: within 30 s; on failure the containers of this row say what they logged.
eventually() {
  until_true 30 "$@" || {
    echo "did not come true within 30 s: $*"
    docker ps --all --quiet --filter "label=$label" | xargs --no-run-if-empty --max-args 1 docker logs --tail 20
    return 1
  }
}

# stops_within_ten_seconds CONTAINER: its stop signal ends it, nobody kills it (that would be code 137).
stops_within_ten_seconds() {
  docker stop --time 10 "$1" >/dev/null
  same "$(docker inspect --format '{{.State.ExitCode}}' "$1")" 0
}

# shellcheck shell=bash disable=SC2154,SC2016
# The rows of CONTRACT.md about replica sets of mongo:8.0. Each has a network of its own, on which members are called m0, m1 and
# m2, and a desk: a container in which the client and mongosh run, because only there the members' names resolve.

mongo=$(image mongo:8.0)
net=''
members=(m0 m1 m2)
# What gw renders: short times, and a member that ends soon.
options=(--replSet rs0 --bind_ip_all --setParameter shutdownTimeoutMillisForSignaledShutdown=100)
settings='"settings":{"electionTimeoutMillis":2000,"heartbeatIntervalMillis":500}'
config='{"_id":"rs0","members":[{"_id":0,"host":"m0:27017"},{"_id":1,"host":"m1:27017"},{"_id":2,"host":"m2:27017"}],'$settings'}'
set_uri='mongodb://root:secret@m0,m1,m2/?replicaSet=rs0'

# member NAME OPTION... -- ARGUMENT...: a mongod with a volume of its own, which outlives the container.
member() {
  local name=$1 docker_options=()
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    docker_options+=("$1")
    shift
  done
  shift || true
  docker volume create --label "$label" "$net-$name" >/dev/null
  start --name "$net-$name" --network "$net" --network-alias "$name" --user 999:999 --tmpfs /data/configdb \
    --volume "$net-$name:/data/db" "${docker_options[@]}" "$mongo" mongod "${options[@]}" "$@" >/dev/null
}

# keyed NAME OPTION...: a member with the key file of the row.
keyed() { member "$@" --volume "$net-key:/keys:ro" -- --keyFile /keys/key; }

make_network() {
  net=$(network)
  start --name "$net-desk" --network "$net" --user 999:999 --env HOME=/tmp --volume "$client:/client:ro" \
    --init --entrypoint sleep "$mongo" infinity >/dev/null
}

make_key() {
  docker volume create --label "$label" "$net-key" >/dev/null
  run --volume "$net-key:/keys" --entrypoint sh "$mongo" -c \
    'echo c2VjcmV0c2VjcmV0 >/keys/key; cp /keys/key /keys/open; chmod 400 /keys/key; chmod 440 /keys/open; chown 999:999 /keys/*'
}

# make_set: three members with a key file, the first with a user; initiated, with a primary.
make_set() {
  make_network
  make_key
  keyed m0 "${credentials[@]}"
  keyed m1
  keyed m2
  for name in "${members[@]}"; do eventually tell "$name" '' '{"ping":1}'; done
  tell m0 root:secret '{"replSetInitiate":'"$config"'}'
  eventually has_primary
}

credentials=(-e MONGO_INITDB_ROOT_USERNAME=root -e MONGO_INITDB_ROOT_PASSWORD=secret)
at_desk() { timeout --kill-after 1 60 docker exec "$net-desk" "$@"; }

# tell MEMBER CREDENTIALS COMMAND...: to this very member, as admin.
tell() {
  local name=$1 user=$2
  shift 2
  at_desk /client "mongodb://${user:+$user@}$name/" admin "$@"
}

# ask_set COMMAND...: to whoever is primary.
ask_set() { at_desk /client "$set_uri" app "$@"; }

# primary: who every member that answers says is primary; fails where they differ or name nobody.
primary() {
  local name said=''
  for name in "${members[@]}"; do
    said+=$(tell "$name" '' '{"hello":1}' 2>/dev/null | jq -r '.primary // "nobody"')$'\n' || true
  done
  [ "$(sort -u <<<"${said%$'\n'}" | sed '/^$/d' | wc -l)" = 1 ] || return 1
  said=$(sed '/^$/d; s/:.*//; q' <<<"$said")
  [ "$said" != nobody ] && echo "$said"
}
has_primary() { primary >/dev/null; }
is_new_primary() { [ "$(primary)" != "$1" ]; }

# state MEMBER OF: what MEMBER says of OF: PRIMARY, SECONDARY ...
state() {
  tell "$1" root:secret '{"replSetGetStatus":1}' | jq -er --arg name "$2:27017" '.members[] | select(.name == $name) | .stateStr'
}
is_state() { [ "$(state "$1" "$2")" = "$3" ]; }

# other_than MEMBER: any other one.
other_than() { printf '%s\n' "${members[@]}" | grep -v "^$1$" | head -n 1; }

# writes_go_on LEAST COMMAND...: while the official driver writes through the set's URI, the command runs and a new primary is found;
# then come at least LEAST acknowledged writes in all, none of them lost, and no error is seen.
writes_go_on() {
  local report
  report=$(mktemp)
  coproc writer { docker exec --interactive "$net-desk" /client --write "$set_uri" app 2>&1 >"$report"; }
  local process=$writer_PID in=${writer[1]} line
  read -r -t 60 -u "${writer[0]}" line
  same "$line" writing
  "$@"
  eventually has_primary
  ask_set '{"insert":"marks","documents":[{"after":"'"$1"'"}]}' >/dev/null
  eval "exec $in>&-"
  wait "$process" || { cat "$report"; return 1; }
  cat "$report"
  same "$(jq -c '[.lost, .errors]' "$report")" '[0,[]]'
  rm -f "$report"
}

set_needs_a_key_file_with_users() {
  local container
  container=$(start "$mongo" --replSet rs0 --auth)
  same "$(exit_code "$container")" 2
  contains "$(docker logs "$container" 2>&1)" 'security.keyFile is required when authorization is enabled with replica sets'
  net=$(network)
  make_key
  container=$(start --user 999:999 --volume "$net-key:/keys:ro" "$mongo" --replSet rs0 --keyFile /keys/open)
  same "$(exit_code "$container")" 1
  contains "$(docker logs "$container" 2>&1)" 'permissions on /keys/open are too open'
}

set_is_initiated_once() {
  make_network
  make_key
  keyed m0 "${credentials[@]}"
  keyed m1
  keyed m2
  local hello
  for name in "${members[@]}"; do eventually tell "$name" '' '{"ping":1}'; done
  hello=$(tell m0 '' '{"hello":1}')
  same "$(jq -c '[.isreplicaset, .isWritablePrimary, .secondary, .setName]' <<<"$hello")" '[true,false,false,null]'
  contains "$(tell m0 root:secret '{"replSetGetStatus":1}' || true)" '"code":94'
  contains "$(tell m0 root:secret '{"replSetGetConfig":1}' || true)" '"code":94'
  contains "$(tell m0 root:wrong '{"ping":1}' || true)" '"code":18'
  contains "$(tell m0 '' '{"replSetInitiate":'"$config"'}' || true)" '"code":13'
  contains "$(tell m0 root:secret '{"replSetInitiate":'"${config/rs0/rs1}"'}' || true)" '"code":93'
  contains "$(tell m0 root:secret '{"replSetInitiate":'"${config//m0:/nobody:}"'}' || true)" '"code":93'
  contains "$(tell m0 root:secret '{"replSetInitiate":'"${config//m2:/nobody:}"'}' || true)" '"code":74'
  tell m0 root:secret '{"replSetInitiate":'"$config"'}'
  contains "$(tell m0 root:secret '{"replSetInitiate":'"$config"'}' || true)" '"code":23'
  eventually has_primary
  same "$(primary)" m0
  same "$(tell m0 root:secret '{"replSetGetConfig":1}' | jq -c '[.config.members[].host]')" '["m0:27017","m1:27017","m2:27017"]'
  eventually is_state m1 m2 SECONDARY
  eventually is_state m1 m0 PRIMARY
  hello=$(tell m1 '' '{"hello":1}')
  same "$(jq -c '[.setName, .isWritablePrimary, .secondary, .primary, .me]' <<<"$hello")" '["rs0",false,true,"m0:27017","m1:27017"]'
}

set_refuses_members_with_data() {
  make_network
  make_key
  keyed m0 "${credentials[@]}"
  keyed m1 "${credentials[@]}"
  keyed m2
  for name in "${members[@]}"; do eventually tell "$name" '' '{"ping":1}'; done
  local answer
  answer=$(tell m0 root:secret '{"replSetInitiate":'"$config"'}' || true)
  contains "$answer" '"code":110'
  contains "$answer" "'m1:27017' has data already, cannot initiate set."
}

set_takes_writes_only_at_its_primary() {
  make_set
  contains "$(tell m1 '' '{"insert":"things","documents":[{"a":1}]}' || true)" '"code":13'
  contains "$(tell m1 root:secret '{"insert":"things","documents":[{"a":1}]}' || true)" '"code":10107'
  contains "$(tell m1 root:secret '{"find":"things","$readPreference":{"mode":"primary"}}' || true)" '"code":13435'
  contains "$(tell m1 root:secret '{"replSetStepDown":60}' || true)" '"code":10107'
  tell m0 root:secret '{"insert":"things","documents":[{"a":1}]}'
  contains "$(tell m1 root:secret '{"count":"things"}')" '"n":1'
  tell m0 root:secret '{"createUser":"app","pwd":"app-secret","roles":["readWriteAnyDatabase"]}'
  contains "$(tell m2 app:app-secret '{"count":"things"}')" '"n":1'
}

set_lets_the_first_user_in_locally() {
  make_network
  make_key
  keyed m0 --volume "$client:/client:ro"
  local inside=(docker exec "$net-m0" /client mongodb://127.0.0.1/ admin)
  eventually "${inside[@]}" '{"ping":1}'
  contains "$(tell m0 '' '{"replSetInitiate":{}}' || true)" '"code":13'
  "${inside[@]}" '{"replSetInitiate":{"_id":"rs0","members":[{"_id":0,"host":"m0:27017"}],'"$settings"'}}'
  eventually "${inside[@]}" '{"createUser":"root","pwd":"secret","roles":["root"]}'
  tell m0 root:secret '{"replSetGetStatus":1}'
  contains "$("${inside[@]}" '{"replSetGetStatus":1}' || true)" '"code":13'
}

kill_primary() {
  local name
  name=$(primary)
  docker kill "$net-$name" >/dev/null
  eventually is_new_primary "$name"
  docker start "$net-$name" >/dev/null
  eventually is_state "$name" "$name" SECONDARY
}

set_survives_a_killed_primary() {
  make_set
  writes_go_on kill_primary
}

pause_primary() {
  local name
  name=$(primary)
  docker pause "$net-$name" >/dev/null
  eventually is_new_primary_beside "$name"
  docker unpause "$net-$name" >/dev/null
  eventually is_state "$name" "$name" SECONDARY
}

# A paused member answers nobody, and asking it takes the driver's patience.
is_new_primary_beside() {
  local said
  said=$(tell "$(other_than "$1")" '' '{"hello":1}' | jq -r '.primary // "nobody"')
  [ "$said" != nobody ] && [ "$said" != "$1:27017" ]
}

set_survives_a_paused_primary() {
  make_set
  writes_go_on pause_primary
}

cut_primary() {
  local name
  name=$(primary)
  docker network disconnect "$net" "$net-$name"
  eventually is_new_primary_beside "$name"
  docker network connect --alias "$name" "$net" "$net-$name"
  eventually is_state "$name" "$name" SECONDARY
}

set_survives_a_primary_that_is_cut_off() {
  make_set
  writes_go_on cut_primary
}

step_down() {
  local name
  name=$(primary)
  tell "$name" root:secret '{"replSetStepDown":60,"secondaryCatchUpPeriodSecs":10}'
  eventually is_new_primary "$name"
  eventually is_state "$name" "$name" SECONDARY
}

set_steps_down() {
  make_set
  contains "$(tell m0 root:secret '{"replSetStepDown":5,"secondaryCatchUpPeriodSecs":10}' || true)" '"code":2'
  writes_go_on step_down
}

set_hands_over_when_stopped() {
  make_set
  writes_go_on docker_stop_primary
}

docker_stop_primary() {
  local name
  name=$(primary)
  docker stop --time 10 "$net-$name" >/dev/null
  same "$(docker inspect --format '{{.State.ExitCode}}' "$net-$name")" 0
  eventually is_new_primary "$name"
  docker start "$net-$name" >/dev/null
}

set_needs_a_majority() {
  make_set
  docker kill "$net-m1" "$net-m2" >/dev/null
  eventually is_state m0 m0 SECONDARY
  contains "$(tell m0 root:secret '{"insert":"things","documents":[{"a":1}]}' || true)" '"code":10107'
  docker start "$net-m1" >/dev/null
  eventually ask_set '{"insert":"things","documents":[{"a":1}]}'
}

set_prefers_higher_priorities() {
  local config=${config/'"host":"m2:27017"'/'"host":"m2:27017","priority":2'}
  make_set
  eventually eval '[ "$(primary)" = m2 ]'
}

set_keeps_its_data() {
  make_set
  ask_set '{"insert":"things","documents":[{"a":1}]}'
  for name in "${members[@]}"; do docker rm --force "$net-$name" >/dev/null; done
  for name in "${members[@]}"; do keyed "$name"; done
  eventually has_primary
  contains "$(ask_set '{"count":"things"}')" '"n":1'
  # Another volume, another set.
  for name in "${members[@]}"; do docker rm --force "$net-$name" >/dev/null && docker volume rm "$net-$name" >/dev/null; done
  keyed m0 "${credentials[@]}"
  eventually tell m0 root:secret '{"ping":1}'
  contains "$(tell m0 root:secret '{"replSetGetStatus":1}' || true)" '"code":94'
  keyed m1
  keyed m2
  for name in m1 m2; do eventually tell "$name" '' '{"ping":1}'; done
  tell m0 root:secret '{"replSetInitiate":'"$config"'}'
  eventually has_primary
  contains "$(ask_set '{"count":"things"}')" '"n":0'
}

set_needs_no_users() {
  make_network
  for name in "${members[@]}"; do member "$name"; done
  for name in "${members[@]}"; do eventually tell "$name" '' '{"ping":1}'; done
  tell m0 '' '{"replSetInitiate":'"$config"'}'
  eventually has_primary
  at_desk /client 'mongodb://m0,m1,m2/?replicaSet=rs0' app '{"insert":"things","documents":[{"a":1}]}'
}

set_works_with_mongosh() {
  make_network
  make_key
  keyed m0 "${credentials[@]}"
  keyed m1
  keyed m2
  for name in "${members[@]}"; do eventually tell "$name" '' '{"ping":1}'; done
  docker cp --quiet "$here/contract.d/set.js" "$net-desk:/tmp/set.js"
  at_desk mongosh --quiet --norc --nodb /tmp/set.js
}

set_stand_in_passes_its_own_tests() {
  is_stand_in || return 0
  "$here/tools" go
  (cd "$here/stand-ins/mongod" && GOPATH=$ground_state/go GOCACHE=$ground_state/go/cache GOMODCACHE=$ground_state/go/mod \
    GOTOOLCHAIN=auto GOFLAGS=-modcacherw CGO_ENABLED=0 go test ./...)
}

# shellcheck shell=bash disable=SC2154,SC2016
# The rows of CONTRACT.md about mongo:8.0. One function, one row.

mongo=$(image mongo:8.0)
credentials=(-e MONGO_INITDB_ROOT_USERNAME=root -e MONGO_INITDB_ROOT_PASSWORD=secret)

# start_mongo OPTION... -- ARGUMENT...
start_mongo() {
  local options=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  [ $# -eq 0 ] || shift
  start --publish 127.0.0.1::27017 "${options[@]}" "$mongo" "$@"
}

# ask CONTAINER CREDENTIALS COMMAND...: CREDENTIALS are USER:PASSWORD or nothing.
ask() {
  local container=$1 user=$2
  shift 2
  "$client" "mongodb://${user:+$user@}$(address "$container" 27017)/" app "$@"
}

answers_ping() { ask "$1" "${2:-}" '{"ping":1}'; }

insert='{"insert":"things","documents":[{"_id":1,"name":"first"}]}'
count='{"count":"things"}'

mongo_drops_root() {
  local container
  same "$(docker image inspect --format '{{.Config.User}}' "$mongo")" ''
  container=$(start_mongo)
  eventually answers_ping "$container"
  same "$(user_ids "$container")" 999
}

mongo_runs_as_user_999() {
  local container
  container=$(start_mongo --user 999)
  eventually answers_ping "$container"
  ask "$container" '' "$insert"
  same "$(user_ids "$container")" 999
}

mongo_runs_restricted() {
  local container
  container=$(start_mongo --user 999 --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp)
  eventually answers_ping "$container"
  ask "$container" '' "$insert"
}

mongo_declares_volumes_and_port() {
  same "$(docker image inspect --format '{{json .Config.Volumes}}' "$mongo")" '{"/data/configdb":{},"/data/db":{}}'
  same "$(docker image inspect --format '{{json .Config.ExposedPorts}}' "$mongo")" '{"27017/tcp":{}}'
}

mongo_has_entry_point_and_bash() {
  same "$(docker image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' "$mongo")" \
    '["docker-entrypoint.sh"] ["mongod"]'
  run --entrypoint sh "$mongo" -c 'command -v docker-entrypoint.sh && command -v bash && command -v mongod'
}

mongo_prepends_mongod() {
  contains "$(run "$mongo" --version)" 'db version v'
}

mongo_runs_other_commands() {
  same "$(run "$mongo" echo hello)" hello
}

mongo_answers_bash_health_check() {
  local container
  container=$(start_mongo)
  eventually docker exec "$container" bash -c '</dev/tcp/127.0.0.1/27017'
}

mongo_takes_port_and_address() {
  local container
  container=$(start_mongo -- --bind_ip_all --port 27020)
  eventually docker exec "$container" bash -c '</dev/tcp/127.0.0.1/27020'
}

mongo_runs_as_rendered() {
  local container command check
  mapfile -t command < <(rendered default mongo .command)
  mapfile -t check < <(rendered default mongo .healthcheck.test)
  same "${check[0]}" CMD
  container=$(start_mongo --user "$(rendered default mongo .user)" --tmpfs /data/configdb -- "${command[@]}")
  eventually answers_ping "$container"
  eventually docker exec "$container" "${check[@]:1}"
}

mongo_needs_both_credentials() {
  local container
  container=$(start_mongo -e MONGO_INITDB_ROOT_USERNAME=root)
  same "$(exit_code "$container")" 1
  contains "$(docker logs "$container" 2>&1)" "missing 'MONGO_INITDB_ROOT_USERNAME' or 'MONGO_INITDB_ROOT_PASSWORD'"
  container=$(start_mongo -e MONGO_INITDB_ROOT_PASSWORD=secret)
  same "$(exit_code "$container")" 1
}

mongo_reads_credentials_from_files() {
  local files container
  files=$(volume)
  run --volume "$files:/run/secrets" --entrypoint sh "$mongo" -c \
    'printf root >/run/secrets/name; printf "from file\n" >/run/secrets/word; chmod 444 /run/secrets/*'
  container=$(start_mongo --volume "$files:/run/secrets:ro" \
    -e MONGO_INITDB_ROOT_USERNAME_FILE=/run/secrets/name -e MONGO_INITDB_ROOT_PASSWORD_FILE=/run/secrets/word)
  eventually answers_ping "$container" 'root:from%20file'
  container=$(start_mongo "${credentials[@]}" -e MONGO_INITDB_ROOT_PASSWORD_FILE=/run/secrets/word)
  same "$(exit_code "$container")" 1
  contains "$(docker logs "$container" 2>&1)" 'are set (but are exclusive)'
}

mongo_enforces_credentials() {
  local container
  container=$(start_mongo "${credentials[@]}")
  eventually answers_ping "$container" root:secret
  ask "$container" root:secret "$insert"
  contains "$(ask "$container" root:wrong "$count" || true)" '"code":18'
  contains "$(ask "$container" nobody:secret "$count" || true)" '"code":18'
  contains "$(ask "$container" '' "$count" || true)" '"code":13'
  contains "$(ask "$container" '' "$insert" || true)" '"code":13'
}

mongo_greets_anonymous_clients() {
  local container
  container=$(start_mongo "${credentials[@]}")
  eventually answers_ping "$container"
  contains "$(ask "$container" '' '{"hello":1}')" '"isWritablePrimary":true'
}

mongo_takes_any_password() {
  local container
  container=$(start_mongo -e MONGO_INITDB_ROOT_USERNAME=root -e MONGO_INITDB_ROOT_PASSWORD="a'b\"c\$d \\e/ü")
  eventually answers_ping "$container" 'root:a%27b%22c%24d%20%5Ce%2F%C3%BC'
}

mongo_needs_no_credentials_without_variables() {
  local container
  container=$(start_mongo)
  eventually answers_ping "$container"
  ask "$container" '' "$insert" "$count"
}

mongo_initialises_only_empty_folders() {
  local data container
  data=$(volume)
  container=$(start_mongo --volume "$data:/data/db" "${credentials[@]}")
  eventually answers_ping "$container" root:secret
  docker rm --force "$container" >/dev/null
  container=$(start_mongo --volume "$data:/data/db" -e MONGO_INITDB_ROOT_USERNAME=root -e MONGO_INITDB_ROOT_PASSWORD=other)
  eventually answers_ping "$container" root:secret
  contains "$(ask "$container" root:other "$count" || true)" '"code":18'
}

mongo_accepts_database_variable() {
  local container
  container=$(start_mongo "${credentials[@]}" -e MONGO_INITDB_DATABASE=app)
  eventually answers_ping "$container" root:secret
}

mongo_keeps_data_on_its_volume() {
  local data container
  data=$(volume)
  container=$(start_mongo --volume "$data:/data/db")
  eventually answers_ping "$container"
  ask "$container" '' "$insert"
  docker restart "$container" >/dev/null
  eventually answers_ping "$container"
  contains "$(ask "$container" '' "$count")" '"n":1'
  docker rm --force "$container" >/dev/null
  container=$(start_mongo --volume "$data:/data/db" --user 999)
  eventually answers_ping "$container"
  contains "$(ask "$container" '' "$count")" '"n":1'
}

mongo_keeps_data_when_killed() {
  local container
  container=$(start_mongo)
  eventually answers_ping "$container"
  ask "$container" '' "$insert"
  docker kill "$container" >/dev/null
  docker start "$container" >/dev/null
  eventually answers_ping "$container"
  contains "$(ask "$container" '' "$count")" '"n":1'
}

mongo_ends_on_sigterm() {
  local container
  container=$(start_mongo)
  eventually answers_ping "$container"
  stops_within_ten_seconds "$container"
}

mongo_ends_with_its_server() {
  local container process
  for process in $(is_stand_in && echo ferretdb postgres || echo mongod); do
    container=$(start_mongo)
    eventually answers_ping "$container"
    kill -9 "$(docker top "$container" -eo pid,comm | awk -v name="$process" '$2 == name { print $1; exit }')"
    eventually eval "! is_running_container $container"
    [ "$(docker inspect --format '{{.State.ExitCode}}' "$container")" != 0 ]
  done
}

mongo_takes_key_file() {
  local files container
  files=$(volume)
  run --volume "$files:/keys" --entrypoint sh "$mongo" -c \
    'echo c2VjcmV0c2VjcmV0 >/keys/private; cp /keys/private /keys/open; chmod 400 /keys/private; chmod 444 /keys/open; chown 999:999 /keys/*'
  container=$(start_mongo --volume "$files:/keys:ro" "${credentials[@]}" -- --keyFile /keys/private)
  eventually answers_ping "$container" root:secret
  contains "$(ask "$container" '' "$count" || true)" '"code":13'
  container=$(start_mongo --volume "$files:/keys:ro" -- --keyFile /keys/open)
  [ "$(exit_code "$container")" != 0 ]
  contains "$(docker logs "$container" 2>&1)" 'are too open'
}

mongo_does_what_applications_do() {
  local container answer
  container=$(start_mongo "${credentials[@]}")
  eventually answers_ping "$container" root:secret
  answer=$(ask "$container" root:secret "$insert" \
    '{"createIndexes":"things","indexes":[{"key":{"name":1},"name":"name_1"}]}' \
    '{"update":"things","updates":[{"q":{"_id":1},"u":{"$inc":{"n":2}}},{"q":{"_id":2},"u":{"$set":{"n":5}},"upsert":true}]}' \
    '{"findAndModify":"counters","query":{"_id":"c"},"update":{"$inc":{"n":1}},"upsert":true,"new":true}' \
    '{"find":"things","filter":{"name":"first"}}' \
    '{"aggregate":"things","pipeline":[{"$group":{"_id":null,"sum":{"$sum":"$n"}}}],"cursor":{}}' \
    '{"delete":"things","deletes":[{"q":{"_id":2},"limit":1}]}' \
    '{"dropDatabase":1}')
  contains "$answer" '"value":{"_id":"c","n":1}'
  contains "$answer" '{"_id":1,"n":2,"name":"first"}'
  contains "$answer" '"sum":7'
}

mongo_creates_users() {
  local container
  container=$(start_mongo "${credentials[@]}")
  eventually answers_ping "$container" root:secret
  ask "$container" root:secret '{"createUser":"service","pwd":"service-secret","roles":[{"role":"readWrite","db":"app"}]}'
  "$client" "mongodb://service:service-secret@$(address "$container" 27017)/?authSource=app" app "$insert"
}

mongo_changes_passwords() {
  local container data
  data=$(volume)
  container=$(start_mongo --volume "$data:/data/db" "${credentials[@]}")
  eventually answers_ping "$container" root:secret
  "$client" "mongodb://root:secret@$(address "$container" 27017)/" admin \
    '{"updateUser":"root","pwd":"another","writeConcern":{"w":"majority"}}'
  ask "$container" root:another "$insert"
  contains "$(ask "$container" root:secret "$count" 2>&1 || true)" 'uthentication'
  docker rm --force "$container" >/dev/null
  container=$(start_mongo --volume "$data:/data/db" "${credentials[@]}")
  eventually answers_ping "$container" root:another
  contains "$(ask "$container" root:another "$count")" '"n":1'
}

mongo_refuses_what_it_cannot_do() {
  is_stand_in || return 0
  local container data
  container=$(start_mongo -- --shardsvr)
  same "$(exit_code "$container")" 2
  data=$(volume)
  run --volume "$data:/data/db" --entrypoint touch "$mongo" /data/db/stand-in.initialised
  container=$(start_mongo --volume "$data:/data/db" -- --replSet rs0)
  same "$(exit_code "$container")" 1
  contains "$(docker logs "$container" 2>&1)" "is the volume of a single server, and cannot be a member's"
  run --volume "$data:/data/db" --entrypoint touch "$mongo" /data/db/WiredTiger
  container=$(start_mongo --volume "$data:/data/db")
  same "$(exit_code "$container")" 2
  contains "$(docker logs "$container" 2>&1)" 'holds the data of a real MongoDB'
}

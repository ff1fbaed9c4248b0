# shellcheck shell=bash
# The rows of CONTRACT.md about redis:8. One function, one row.

redis=$(image redis:8)

cli() {
  local container=$1
  shift
  docker exec "$container" redis-cli "$@"
}

answers_redis() { [ "$(cli "$@" ping)" = PONG ]; }

redis_drops_root() {
  local container
  same "$(docker image inspect --format '{{.Config.User}}' "$redis")" ''
  container=$(start "$redis")
  eventually answers_redis "$container"
  same "$(user_ids "$container")" 999
}

redis_runs_as_user_999() {
  local container
  container=$(start --user 999 "$redis")
  eventually answers_redis "$container"
  same "$(cli "$container" set key value)" OK
  same "$(cli "$container" save)" OK
}

redis_runs_restricted() {
  local container
  container=$(start --user 999 --cap-drop ALL --security-opt no-new-privileges --read-only "$redis")
  eventually answers_redis "$container"
  same "$(cli "$container" save)" OK
}

redis_declares_volume_folder_and_port() {
  same "$(docker image inspect --format '{{json .Config.Volumes}} {{.Config.WorkingDir}} {{json .Config.ExposedPorts}}' "$redis")" \
    '{"/data":{}} /data {"6379/tcp":{}}'
}

redis_has_entry_point() {
  same "$(docker image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' "$redis")" \
    '["docker-entrypoint.sh"] ["redis-server"]'
  run --entrypoint sh "$redis" -c 'command -v docker-entrypoint.sh && command -v redis-server && command -v redis-cli'
}

redis_runs_as_rendered() {
  local files container command check configuration
  mapfile -t command < <(rendered default redis .command)
  mapfile -t check < <(rendered default redis .healthcheck.test)
  configuration=${command[1]}
  same "${check[0]}" CMD
  files=$(volume)
  run --interactive --volume "$files:/to" --entrypoint sh "$redis" -c 'cat >/to/redis.conf && test -s /to/redis.conf' < <(rendered_configuration default redis.conf)
  container=$(start --user "$(rendered default redis .user)" --volume "$files:${configuration%/*}:ro" "$redis" "${command[@]}")
  eventually docker exec "$container" "${check[@]:1}"
}

# rendered_configuration PROFILE FILE: the content of the one config of a profile that is mounted under this name.
rendered_configuration() {
  docker compose --file "$repository/generated/$1/compose.yaml" --env-file "$here/contract.d/secrets.env" config --format json |
    jq -r --arg key "${2/./-}-" '.configs | to_entries[] | select(.key | startswith($key)) | .value.content'
}

redis_has_the_tools_of_the_start_scripts() {
  run --entrypoint sh "$redis" -c 'command -v sh && command -v sed && command -v grep && command -v mv && command -v cat && command -v timeout'
}

redis_prepends_server_to_options() {
  local container
  container=$(start "$redis" --maxmemory 20mb)
  eventually answers_redis "$container"
  contains "$(cli "$container" config get maxmemory)" 20971520
}

redis_prepends_server_to_configuration() {
  local files container
  files=$(volume)
  run --volume "$files:/configuration" --entrypoint sh "$redis" -c 'echo maxmemory 30mb >/configuration/redis.conf'
  container=$(start --volume "$files:/configuration:ro" "$redis" /configuration/redis.conf)
  eventually answers_redis "$container"
  contains "$(cli "$container" config get maxmemory)" 31457280
  same "$(user_ids "$container")" 999
}

redis_runs_other_commands() {
  same "$(run "$redis" echo hello)" hello
}

redis_listens_to_other_containers() {
  local net container
  net=$(network)
  container=$(start --network "$net" --network-alias contract-redis "$redis")
  eventually answers_redis "$container"
  same "$(run --network "$net" "$redis" redis-cli -h contract-redis ping)" PONG
}

redis_listens_with_a_configuration_file() {
  local net files container
  net=$(network)
  files=$(volume)
  run --volume "$files:/configuration" --entrypoint sh "$redis" -c 'echo appendonly no >/configuration/redis.conf'
  container=$(start --network "$net" --network-alias contract-redis --volume "$files:/configuration:ro" \
    "$redis" redis-server /configuration/redis.conf)
  eventually answers_redis "$container"
  same "$(run --network "$net" "$redis" redis-cli -h contract-redis ping)" PONG
}

redis_obeys_protected_mode() {
  local net container
  net=$(network)
  container=$(start --network "$net" --network-alias contract-redis "$redis" --protected-mode yes)
  eventually answers_redis "$container"
  contains "$(run --network "$net" "$redis" redis-cli -h contract-redis ping 2>&1)" DENIED
}

redis_enforces_password() {
  local container
  container=$(start "$redis" --requirepass secret)
  eventually answers_redis "$container" --no-auth-warning -a secret
  contains "$(cli "$container" ping 2>&1)" NOAUTH
  contains "$(cli "$container" -a wrong ping 2>&1)" WRONGPASS
}

redis_saves_on_sigterm() {
  local data container
  data=$(volume)
  container=$(start --volume "$data:/data" "$redis")
  eventually answers_redis "$container"
  cli "$container" set key value
  stops_within_ten_seconds "$container"
  docker rm "$container" >/dev/null
  container=$(start --volume "$data:/data" "$redis")
  eventually answers_redis "$container"
  same "$(cli "$container" get key)" value
}

redis_keeps_appended_data_when_killed() {
  local container
  container=$(start "$redis" --appendonly yes --appendfsync always)
  eventually answers_redis "$container"
  cli "$container" set key value
  docker kill "$container" >/dev/null
  docker start "$container" >/dev/null
  eventually answers_redis "$container"
  same "$(cli "$container" get key)" value
}

redis_replicates() {
  local net first second
  net=$(network)
  first=$(start --network "$net" --network-alias contract-first "$redis")
  second=$(start --network "$net" "$redis" --replicaof contract-first 6379)
  eventually answers_redis "$first"
  cli "$first" set key value
  eventually eval "[ \"\$(cli $second get key)\" = value ]"
}

redis_runs_sentinel() {
  local net container
  net=$(network)
  container=$(start --network "$net" --network-alias contract-first "$redis")
  eventually answers_redis "$container"
  container=$(start --network "$net" --user 999:999 --entrypoint sh "$redis" -c '
    printf "%s\n" "sentinel resolve-hostnames yes" "sentinel monitor main contract-first 6379 2" >/data/sentinel.conf
    exec redis-server /data/sentinel.conf --sentinel')
  eventually answers_redis "$container" -p 26379
  contains "$(cli "$container" -p 26379 info sentinel)" 'name=main,status=ok'
  same "$(user_ids "$container")" 999
}

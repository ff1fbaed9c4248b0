# shellcheck shell=bash disable=SC2154
# The rows of CONTRACT.md about nginx:1.28. One function, one row.

nginx=$(image nginx:1.28)

# A volume with the gateway's configuration, the resolver taken from the container's own /etc/resolv.conf at start.
gateway_files() {
  local files
  files=$(volume)
  run --interactive --volume "$files:/contract" --entrypoint sh "$nginx" -c 'cat >/contract/nginx.conf.in' <"$here/contract.d/nginx.conf"
  run --interactive --volume "$files:/contract" --entrypoint sh "$nginx" -c 'cat >/contract/upstream.pl' <"$here/contract.d/upstream.pl"
  echo "$files"
}

# shellcheck disable=SC2016
gateway_command='sed "s/NAMESERVER/$(awk "/^nameserver/ { print \$2; exit }" /etc/resolv.conf)/" /contract/nginx.conf.in >/tmp/nginx.conf &&
  exec nginx -c /tmp/nginx.conf -g "daemon off;"'

# start_gateway NETWORK FILES
start_gateway() {
  start --network "$1" --volume "$2:/contract:ro" --publish 127.0.0.1::8080 --user 101:101 \
    --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp:mode=1777 "$nginx" sh -c "$gateway_command"
}

start_upstream() {
  start --network "$1" --volume "$2:/contract:ro" --network-alias contract-upstream --entrypoint perl "$nginx" /contract/upstream.pl
}

# tar_of NAME: standard input as a tar archive with one readable file.
tar_of() {
  local folder
  folder=$(mktemp -d)
  cat >"$folder/$1"
  chmod 644 "$folder/$1"
  tar -C "$folder" -c "$1"
  rm -r "$folder"
}

# get CONTAINER [TARGET]: status and body.
get() {
  curl --silent --max-time 5 --write-out '%{http_code}' ${2:+--header "X-Target-Service: $2"} "http://$(address "$1" 8080)/"
}

answers_with() { contains "$(get "$1" "${3:-}")" "$2"; }

nginx_workers_are_user_101() {
  local container
  same "$(docker image inspect --format '{{.Config.User}}' "$nginx")" ''
  container=$(start "$nginx")
  eventually eval "[ \"\$(user_ids $container)\" = '0 101' ]"
}

nginx_serves_port_80() {
  local container
  same "$(docker image inspect --format '{{json .Config.ExposedPorts}}' "$nginx")" '{"80/tcp":{}}'
  container=$(start --publish 127.0.0.1::80 "$nginx")
  eventually curl --silent --fail "http://$(address "$container" 80)/"
}

nginx_has_entry_point() {
  local container
  same "$(docker image inspect --format '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' "$nginx")" \
    '["/docker-entrypoint.sh"] ["nginx","-g","daemon off;"]'
  same "$(run "$nginx" echo hello)" hello
  container=$(start "$nginx")
  contains "$(docker exec "$container" cat /proc/1/cmdline | tr '\0' ' ')" nginx
}

nginx_stops_on_sigquit() {
  local container
  same "$(docker image inspect --format '{{.Config.StopSignal}}' "$nginx")" SIGQUIT
  container=$(start "$nginx")
  eventually eval "docker logs $container 2>&1 | grep 'start worker process'"
  stops_within_ten_seconds "$container"
}

nginx_has_the_tools_of_the_scripts() {
  run --entrypoint sh "$nginx" -c 'command -v nginx && { command -v curl || command -v wget || { command -v bash && command -v grep; }; }'
}

nginx_checks_configuration() {
  local files
  files=$(gateway_files)
  run --user 101:101 --volume "$files:/contract:ro" "$nginx" sh -c \
    'sed s/NAMESERVER/127.0.0.1/ /contract/nginx.conf.in >/tmp/nginx.conf && nginx -t -c /tmp/nginx.conf' 2>&1
  ! run --user 101:101 "$nginx" sh -c 'echo nonsense >/tmp/nginx.conf && nginx -t -c /tmp/nginx.conf' || return 1
}

nginx_takes_a_configuration_of_its_own() {
  local container
  container=$(docker create --label "$label" --user 101:101 --publish 127.0.0.1::8080 "$nginx")
  sed s/NAMESERVER/127.0.0.1/ "$here/contract.d/nginx.conf" | tar_of nginx.conf | docker cp - "$container:/etc/nginx/"
  docker start "$container" >/dev/null
  eventually answers_with "$container" 404 unknown
  same "$(user_ids "$container")" 101
}

nginx_routes_by_header() {
  local net files container
  net=$(network)
  files=$(gateway_files)
  start_upstream "$net" "$files"
  container=$(start_gateway "$net" "$files")
  eventually answers_with "$container" upstream upstream
  contains "$(get "$container")" upstream
  same "$(get "$container" other | tail -c 3)" 404
  same "$(get "$container" absent)" '{"error":"unavailable"}503'
}

nginx_finds_a_recreated_upstream() {
  local net files container first second blocker
  net=$(network)
  files=$(gateway_files)
  first=$(start_upstream "$net" "$files")
  container=$(start_gateway "$net" "$files")
  eventually answers_with "$container" "upstream ${first:0:12}"
  docker rm --force "$first" >/dev/null
  eventually answers_with "$container" 503
  # Something else takes the address, so that the new upstream has another one.
  blocker=$(start --network "$net" --entrypoint sleep "$nginx" 60)
  second=$(start_upstream "$net" "$files")
  eventually answers_with "$container" "upstream ${second:0:12}"
  is_running_container "$blocker"
}

nginx_passes_websockets() {
  local net files container host port answer
  net=$(network)
  files=$(gateway_files)
  start_upstream "$net" "$files"
  container=$(start_gateway "$net" "$files")
  eventually answers_with "$container" upstream upstream
  IFS=: read -r host port < <(address "$container" 8080)
  exec 3<>"/dev/tcp/$host/$port"
  printf 'GET /ws HTTP/1.1\r\nHost: contract\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n' >&3
  read -r -t 5 answer <&3
  contains "$answer" '101 Switching Protocols'
  while read -r -t 5 answer <&3 && [ "$answer" != $'\r' ]; do :; done
  echo 'one' >&3
  read -r -t 5 answer <&3
  same "$answer" 'echo one'
  echo 'two' >&3
  read -r -t 5 answer <&3
  same "$answer" 'echo two'
}

nginx_logs_to_the_container() {
  local container
  container=$(start --publish 127.0.0.1::80 "$nginx")
  eventually curl --silent --fail "http://$(address "$container" 80)/"
  eventually eval "docker logs $container 2>/dev/null | grep 'GET / HTTP/1.1'"
  eventually eval "docker logs $container 2>&1 >/dev/null | grep notice"
}

# shellcheck shell=bash disable=SC2154
# Programs that are compiled from the Go module proxy. Needs state.sh.

# go_files SOURCE: what a program is made of, one path on each line.
go_files() {
  (cd "$1" && shopt -s globstar nullglob && printf '%s\n' go.mod go.sum **/*.go | grep -v '_test\.go$' | LC_ALL=C sort)
}

# compile_go SOURCE NAME PACKAGE LDFLAGS: compiles a package of SOURCE/go.mod into $ground_state/NAME/NAME, once for each state of
# go.mod, go.sum and Go files. Go's own caches stay inside the state folder, so that a reset finds them all.
compile_go() {
  local source=$1 name=$2 package=$3 flags=$4
  local folder=$ground_state/$name log=$ground_state/$name.log stamp
  stamp=$(cd "$source" && go_files . | xargs sha256sum | sha256sum | cut -c 1-16)
  [ "$(cat "$folder/stamp" 2>/dev/null)" != "$stamp" ] || return 0
  say "compiling $name (up to 4 minutes on two cores; log: $log)"
  mkdir -p "$folder"
  export GOPATH=$ground_state/go GOCACHE=$ground_state/go/cache GOMODCACHE=$ground_state/go/mod
  export GOTOOLCHAIN=auto GOFLAGS=-modcacherw CGO_ENABLED=0
  (cd "$source" && nice go build -buildvcs=false -trimpath -ldflags "$flags" -o "$folder/$name" "$package") >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    die "$name could not be compiled"
  }
  echo "$stamp" >"$folder/stamp"
}

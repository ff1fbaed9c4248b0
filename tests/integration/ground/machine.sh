#!/usr/bin/env bash
# machine.sh FOLDER CHECKOUT root|other [NAME=VALUE...] COMMAND...: runs the command on what it takes for a bare machine.
# Meant for a mount namespace of its own (see machine.rs). /etc, /var, /opt, /sys and /run are new and empty but for FOLDER/etc;
# the checkout is at /run/gw and read-only, as is all else; FOLDER is at /run/test. Paths that are new afterwards are
# listed in FOLDER/written; FOLDER/after has copies of /etc/apt and of the ground's state.
set -euo pipefail
folder=$1 checkout=$2 user=$3
shift 3

mkdir -p "$folder"/{machine,tmp,etc}
mount -n -t tmpfs tmpfs "$folder/machine"
mkdir -m 755 "$folder/machine"/{gw,test,home,state}
mount -n --rbind "$checkout" "$folder/machine/gw"
mount -n -o remount,bind,ro "$folder/machine/gw"
mount -n --bind "$folder" "$folder/machine/test"
mount -n --move "$folder/machine" /run
places=(/etc /var /opt /sys)
# Where it is a link to /usr/bin, it has to stay.
[ -L /usr/sbin ] || places+=(/usr/sbin)
for place in "${places[@]}"; do
  mount -n -t tmpfs tmpfs "$place"
done
cp -r /run/test/etc/. /etc
mkdir /var/lib
ln -s /run /var/run
# A test's engine socket, at the place where everybody looks for one.
if [ -S /run/test/docker.sock ]; then
  touch /run/docker.sock
  mount -n --bind /run/test/docker.sock /run/docker.sock
fi
mount -n -o remount,bind,ro /

list() { find "${places[@]}" /run/home /run/state | sort; }

list >/run/test/before
code=0
case $user in
  root) env -i "$@" || code=$? ;;
  other) unshare --user --map-user=65534 --map-group=65534 -- env -i "$@" || code=$? ;;
esac
mkdir /run/test/after
cp -r /run/state /etc/apt /run/test/after
list | comm -13 /run/test/before - >/run/test/written
exit "$code"

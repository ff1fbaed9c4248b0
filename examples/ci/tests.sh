#!/usr/bin/env bash
# What `gw run` calls: it has the addresses of everything, as `gw env` prints them.
set -euo pipefail

for service in "$AUTH_URL" "$GATEWAY_URL"; do
  curl --fail --silent --show-error "$service/health"
  echo
done

#!/bin/sh
# What compose.yaml has to know of this host, as lines of its .env: ./host.sh >.env
# A group that is not here gets the number of nobody's group, which opens nothing.
set -eu

NOBODY=65534
gid_of_file() { if [ -e "$1" ]; then stat -L -c %g "$1"; else echo "$NOBODY"; fi; }
gid_of_group() { getent group "$1" | cut -d: -f3 | grep . || echo "$NOBODY"; }

socket=${DOCKER_SOCKET:-/run/docker.sock}
docker=$(gid_of_file "$socket")
[ -S "$socket" ] || { echo "host.sh: no Docker Engine at $socket" >&2; docker=$NOBODY; }
[ "$docker" != 0 ] || echo "host.sh: $socket belongs to the group 0: in it, the monitor reads what is root's group's, too" >&2

printf 'DOCKER_GID=%s\nADM_GID=%s\nJOURNAL_GID=%s\nMONITORED_HOST=%s\n' \
  "$docker" "$(gid_of_group adm)" "$(gid_of_group systemd-journal)" "$(cat /etc/hostname 2>/dev/null || uname -n)"
for name in DOCKER_SOCKET PORT LOGGING_URL LOGGING_FIELDS ALERT_WEBHOOK_URL; do
  eval "value=\${$name-}"
  # In quotes that compose takes as they are.
  [ -z "$value" ] || printf "%s='%s'\n" "$name" "$(printf %s "$value" | sed "s/'/\\\\'/g")"
done

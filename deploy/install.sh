#!/bin/sh
# Installs the monitor of this folder as a service of systemd, upgrades one that is there, or removes it (--uninstall).
# It stands in the bundle that `npm run bundle` makes; in a checkout it makes that first.
#
#   LOGGING_URL=tcp://graylog.example:12201 ./install.sh    # also again, after a change or with a newer version
#   ./install.sh --uninstall             # keeps its settings and its data
#   ./install.sh --uninstall --purge     # removes them, and its user
#
# It runs as a user of its own, without rights but to read: of the groups docker, adm and systemd-journal it gets those that
# this host has. To leave one out: GROUPS_OF_MONITOR="adm systemd-journal" ./install.sh
set -eu

NAME=infra-monitoring
PREFIX=/opt/infra-monitoring
CONFIG=/etc/infra-monitoring
STATE=/var/lib/infra-monitoring
UNIT=/etc/systemd/system/$NAME.service
HERE=$(cd "$(dirname "$0")" && pwd)
# All variables of the README.
VARIABLES='LOGGING_URL LOGGING_URL_FILE LOGGING_PORT LOGGING_PORT_DOCKER_EVENTS LOGGING_PORT_DOCKER_LOGS LOGGING_PORT_AUTH_LOG
LOGGING_PORT_SYSTEM_STATS LOGGING_PORT_HTTP_CHECKS LOGGING_FIELDS MONITORED_HOST DOCKER_HOST DOCKER_CERT_PATH DOCKER_TLS_VERIFY
DOCKER_COMPOSE_DIR AUTH_LOG HOST_ROOT HTTP_CHECK_URL PING_URL ALERT_WEBHOOK_URL ALERT_WEBHOOK_URL_FILE MONITORING_PASSWORD
MONITORING_PASSWORD_FILE MONITORING_ANONYMOUS MONITORING_ALLOWED_HOSTS MONITORING_HEALTH_FILE MONITORING_EC2
AWS_EC2_METADATA_SERVICE_ENDPOINT'

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
has_systemd() { [ -d /run/systemd/system ]; }

check() {
  [ "$(id -u)" -eq 0 ] || fail "needs root: sudo $0"
  command -v systemctl >/dev/null || fail 'this host has no systemd'
}

# A checkout is not installed from: it holds what only developers need. npm runs as who owns the checkout.
unpack_bundle() {
  checkout=$(dirname "$HERE")
  [ -f "$checkout/scripts/bundle.js" ] || fail "there is no app beside $0: take the whole bundle"
  command -v node >/dev/null || fail 'to make the bundle, node of Node.js 20.19 or newer has to be in the PATH (https://nodejs.org)'
  made=$(mktemp -d)
  trap 'rm -rf "$made"' EXIT
  owner=$(stat -c %u "$checkout")
  chown "$owner" "$made"
  say "makes the bundle of $checkout"
  setpriv --reuid="$owner" --regid="$(stat -c %g "$checkout")" --clear-groups \
    env HOME="$(getent passwd "$owner" | cut -d: -f6)" node "$checkout/scripts/bundle.js" "$made" >&2 || fail 'the bundle could not be made'
  tar -C "$made" -xzf "$made"/*.tar.gz
  HERE=$(dirname "$made"/*/install.sh)
}

# The bundle has a Node.js. MONITORING_NODE=/usr/bin/node takes another one, which has to be 20.19 or newer.
check_node() {
  node=${MONITORING_NODE:-$HERE/bin/node}
  [ -x "$node" ] || fail "there is no Node.js at $node: take the whole bundle, or set MONITORING_NODE to one of 20.19 or newer (https://nodejs.org)"
  version=$("$node" --version 2>/dev/null) || fail "$node does not run here: the bundle is for another kind of machine ($(uname -m))"
  # shellcheck disable=SC2046
  set -- $(printf '%s' "${version#v}" | tr . ' ')
  if [ "$1" -lt 20 ] || { [ "$1" -eq 20 ] && [ "$2" -lt 19 ]; }; then
    fail "$node is Node.js $version: 20.19 or newer is needed (https://nodejs.org)"
  fi
  say "Node.js $version of $node"
}

make_user() {
  getent passwd "$NAME" >/dev/null && return
  useradd --system --user-group --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin "$NAME"
  say "user $NAME: made"
}

groups_here() {
  found=
  for group in ${GROUPS_OF_MONITOR-docker adm systemd-journal}; do
    if getent group "$group" >/dev/null; then found="$found $group"; else say "group $group: not on this host, left out; run this again once it is" >&2; fi
  done
  printf '%s' "${found# }"
}

# A folder for each version: the one that runs is not overwritten, and the way back is short.
copy_files() {
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$HERE/app/package.json")
  mkdir -p "$PREFIX"
  target=$(mktemp -d "$PREFIX/$version-XXXXXX")
  chmod 755 "$PREFIX" "$target"
  cp -R "$HERE/app" "$HERE/LICENSES" "$target/"
  mkdir "$target/bin"
  cp "$node" "$target/bin/node"
  chown -R 0:0 "$target"
  chmod -R u=rwX,go=rX "$target"
  before=$(readlink "$PREFIX/current" 2>/dev/null || true)
  ln -sfn "$target" "$PREFIX/current.new"
  mv -T "$PREFIX/current.new" "$PREFIX/current"
  say "version $version: in $target"
}

# One version back is kept.
remove_old_files() {
  for folder in "$PREFIX"/*-*; do
    [ "$folder" = "$target" ] || [ "$folder" = "$before" ] || rm -rf "$folder"
  done
}

# What is set in the environment of this script goes into the file; what the file has else stays as it is.
write_environment() {
  mkdir -p "$CONFIG"
  chmod 755 "$CONFIG"
  [ -e "$CONFIG/environment" ] || cp "$HERE/environment" "$CONFIG/environment"
  chown 0:0 "$CONFIG/environment"
  chmod 600 "$CONFIG/environment"
  for variable in $VARIABLES; do
    eval "value=\${$variable-}"
    [ -n "$value" ] || continue
    case $value in *'
'*) fail "$variable has more than one line" ;; esac
    quoted=$(printf '%s' "$value" | sed 's/[\\"$`]/\\&/g')
    umask 077
    { grep -v "^$variable=" "$CONFIG/environment" || true; printf '%s="%s"\n' "$variable" "$quoted"; } >"$CONFIG/environment.new"
    mv "$CONFIG/environment.new" "$CONFIG/environment"
    umask 022
    say "$variable: set in $CONFIG/environment"
  done
}

write_unit() {
  groups=$(groups_here)
  sed -e "s|@PREFIX@|$PREFIX|g; s|@STATE@|$STATE|g; s|@CONFIG@|$CONFIG|g; s|@USER@|$NAME|g; s|@GROUPS@|$groups|g" \
    "$HERE/infra-monitoring.service.in" >"$UNIT.new"
  chmod 644 "$UNIT.new"
  is_new=no
  [ -e "$UNIT" ] || is_new=yes
  mv "$UNIT.new" "$UNIT"
  say "groups: ${groups:-none}"
}

start() {
  if ! has_systemd; then
    systemctl enable --quiet "$NAME" 2>/dev/null || true
    return
  fi
  systemctl daemon-reload
  # Whoever disabled it wants it so.
  if [ "$is_new" = yes ]; then systemctl enable --quiet "$NAME"; fi
  if ! systemctl is-enabled --quiet "$NAME"; then say "the service is disabled, and is not started"; return; fi
  if ! systemctl restart "$NAME"; then
    systemctl --no-pager --lines=20 status "$NAME" >&2 || true
    fail "the service does not start: journalctl -u $NAME"
  fi
  say "running: systemctl status $NAME; the editor is at http://127.0.0.1:1880 of this host"
}

uninstall() {
  if [ -e "$UNIT" ]; then
    systemctl disable --quiet --now "$NAME" 2>/dev/null || true
    rm -f "$UNIT"
    if has_systemd; then systemctl daemon-reload; fi
  fi
  rm -rf "$PREFIX"
  if [ "$1" = yes ]; then
    rm -rf "$CONFIG" "$STATE" "$UNIT.d"
    if getent passwd "$NAME" >/dev/null; then userdel "$NAME"; fi
    say 'removed, with its settings, its data and its user'
  else
    say "removed; $CONFIG, $STATE and the user $NAME are kept (--purge removes them)"
  fi
}

mode=install
purge=no
for word in "$@"; do
  case $word in
    --uninstall) mode=uninstall ;;
    --purge) purge=yes ;;
    *) fail "unknown option $word; there are --uninstall and --purge" ;;
  esac
done

check
if [ "$mode" = uninstall ]; then uninstall "$purge"; exit; fi
if [ "$purge" = yes ]; then fail '--purge goes with --uninstall'; fi
[ -d "$HERE/app" ] || unpack_bundle
check_node
make_user
copy_files
write_environment
write_unit
start
remove_old_files

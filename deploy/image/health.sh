#!/bin/sh
# Whether the monitor of this container works: its flows have started, its event loop turns, and it can keep what waits. It asks
# no port, needs no log-in and starts no program. Graylog has no part in it: ending the monitor would not bring that back.
LIMIT=20
if ! read -r said word 2>/dev/null <"${MONITORING_HEALTH_FILE:-/tmp/infra-monitoring-health}"; then
  echo 'the flows have not started'
  exit 1
fi
read -r now _ </proc/uptime
age=$((${now%.*} - said))
if [ "$age" -gt "$LIMIT" ]; then
  echo "the event loop has not turned for $age s"
  exit 1
fi
echo "$word"
[ "$word" = ok ]

import { type Environment, setting } from '../../lib/environment.ts';
import { parsePort } from '../../lib/port.ts';

/** The variable that gives one kind of record a port of its own, by `log_type`. */
const PORT_VARIABLES: { [logType: string]: string } = {
  docker_event: 'LOGGING_PORT_DOCKER_EVENTS',
  docker_log: 'LOGGING_PORT_DOCKER_LOGS',
  auth: 'LOGGING_PORT_AUTH_LOG',
  disk: 'LOGGING_PORT_SYSTEM_STATS',
  uptime: 'LOGGING_PORT_SYSTEM_STATS',
  http_check: 'LOGGING_PORT_HTTP_CHECKS',
};

/**
 * The port for a record: the node's own, else that of its kind, else undefined, which is the server's.
 * A variable is read once; one that is no port counts as not set.
 */
export function createPortChoice(
  own: string | undefined,
  environment: Environment,
): (logType: unknown) => number | undefined {
  const fixed = own === undefined ? undefined : parsePort(own);
  const ports = new Map<unknown, number | undefined>();
  for (const [logType, variable] of Object.entries(PORT_VARIABLES)) {
    const port = parsePort(setting(undefined, environment, variable) ?? '');
    if (port !== undefined) ports.set(logType, port);
  }
  return (logType) => fixed ?? ports.get(logType);
}

import type { Lane } from '../ring/lane.ts';

/** The chips: which records a list shows. */
export const KINDS = ['matters', 'all', 'errors', 'alerts', 'logins', 'docker', 'http', 'host'] as const;
export type Kind = (typeof KINDS)[number];

export function isKind(value: unknown): value is Kind {
  return (KINDS as readonly unknown[]).includes(value);
}

const LOG_TYPES: { readonly [kind in Kind]?: readonly unknown[] } = {
  alerts: ['alert'],
  logins: ['auth'],
  docker: ['docker_event', 'docker_log', 'stdout', 'stderr'],
  http: ['http_check'],
  host: ['uptime', 'disk', 'heartbeat', 'filter'],
};

/** Whether a source may hold records of a kind. Errors may be anywhere. */
export function fitsKind(kind: Kind, lane: Pick<Lane, 'kind'>): boolean {
  const types = LOG_TYPES[kind];
  return types === undefined || types.includes(lane.kind);
}

/** Whether a record is of a kind; `matters` is told by another rule. */
export function isOfKind(kind: Kind, record: { readonly [key: string]: unknown }): boolean {
  const { level, log_type: logType } = record;
  if (kind === 'errors') return typeof level === 'number' && level <= 3;
  const types = LOG_TYPES[kind];
  return types === undefined || types.includes(logType);
}

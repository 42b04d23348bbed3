import { ALERT_DEFAULTS, type AlertProperties } from '../properties.ts';
import type { AlertKind } from '../settings.ts';

/** What the dialog fills in for whoever has not written anything yet: what the records that flow in are usually judged by. */

export type Proposal = Partial<AlertProperties>;

/** The layers of a container lie on the disk below them; its own root is one of them. */
const NOT_LAYERS = {
  mode: 'any' as const,
  rules: [
    { field: 'disk_fs_type', operator: 'is-not' as const, value: 'overlay', orAbsent: true },
    { field: 'disk_mount', operator: 'is' as const, value: '/', orAbsent: false },
  ],
};

/** A state that a source itself says, by the preset's name. Its limits stand in the source. */
export const PRESETS: { readonly [preset: string]: Proposal } = {
  http: { field: 'check_state', bad: 'down', good: 'up', each: ['check_name'] },
  disk: {
    field: 'disk_state',
    bad: 'critical, missing',
    good: 'ok, warning',
    critical: '',
    each: ['disk_mount'],
    only: NOT_LAYERS,
  },
  health: { field: 'health_status', bad: 'unhealthy', good: 'healthy', each: ['container_name'] },
  node: { field: 'node_state', bad: 'fault', good: 'ok, warning', each: ['node_name'] },
};

const preset = (name: string): Proposal => ({ preset: name, ...PRESETS[name] });

/** A container that is stopped dies as well, with the exit code 0. */
const NOT_BY_ITSELF = {
  mode: 'all' as const,
  rules: [{ field: 'exit_code', operator: 'equals-not' as const, value: '0', orAbsent: true }],
};

interface SourceProposals {
  /** The field that tells apart what the records are about. */
  readonly each: string;
  /** The field that says how many a record stands for: summed, it counts each once. */
  readonly sum?: string;
  readonly state?: Proposal;
  readonly limit?: Proposal;
}

const SOURCES: { readonly [logType: string]: SourceProposals } = {
  auth: { each: 'source_ip', sum: 'login_failures' },
  disk: {
    each: 'disk_mount',
    state: preset('disk'),
    limit: { field: 'disk_used_percent', startOperator: 'at-least', limit: '80', end: '78', forSamples: '2' },
  },
  uptime: {
    each: 'host',
    limit: { field: 'memory_used_percent', startOperator: 'at-least', limit: '90', end: '85', forSamples: '2' },
  },
  http_check: {
    each: 'check_name',
    state: preset('http'),
    limit: { field: 'http_response_time_ms', startOperator: 'above', limit: '2000', end: '1500', forSamples: '2' },
  },
  docker_event: {
    each: 'container_name',
    state: { field: 'event_action', bad: 'die, oom', good: 'start', only: NOT_BY_ITSELF },
  },
  docker_log: { each: 'container_name' },
  node_status: { each: 'node_name', state: preset('node') },
};

/** Presentation and identity that no proposal of another kind may leave behind. */
const PROPOSABLE = [
  'preset',
  'field',
  'bad',
  'good',
  'critical',
  'startOperator',
  'limit',
  'end',
  'forSamples',
  'counts',
  'countField',
  'each',
  'only',
] as const satisfies readonly (keyof AlertProperties)[];

/** What is proposed for a kind where records of these kinds flow in; what is not proposed is as in a new node. */
export function proposalFor(kind: AlertKind, logTypes: readonly string[]): Proposal {
  const source = logTypes.map((logType) => SOURCES[logType]).find((found) => found !== undefined);
  const initial = Object.fromEntries(PROPOSABLE.map((name) => [name, ALERT_DEFAULTS[name]]));
  return { ...initial, ...(source !== undefined && proposed(kind, source)) };
}

function proposed(kind: AlertKind, { each, sum, state, limit }: SourceProposals): Proposal {
  const byField = { each: [each] };
  if (kind === 'state') return { ...(state === undefined ? {} : byField), ...state };
  if (kind === 'limit') return { ...byField, ...limit };
  if (kind === 'count' && sum !== undefined) return { ...byField, counts: 'sum', countField: sum };
  return byField;
}

/** A share or a rate may jump, as the first sample after a start does: one record is too few for it. */
export function samplesFor(field: string): string {
  return /_percent$|_ratio$|_per_|^load_/.test(field) ? '2' : ALERT_DEFAULTS.forSamples;
}

/** Tells of a property whether it is as in a new node, or as it was proposed: nobody has written it. */
export function freeIn(current: AlertProperties, earlier: Proposal): (name: keyof AlertProperties) => boolean {
  return (name) => {
    const value = JSON.stringify(current[name]);
    const isOurs = name in earlier && value === JSON.stringify(earlier[name]);
    return isOurs || value === JSON.stringify(ALERT_DEFAULTS[name]);
  };
}

import type { AlertState } from '../../../lib/bus.ts';
import { recordOf } from '../../../lib/gelf-record.ts';
import type { Limit, PendingReport } from '../digest/alert-reports.ts';
import type { Container } from '../digest/containers.ts';
import type { DeliveryState } from '../digest/deliveries.ts';
import type { Digest, Latest } from '../digest/digest.ts';
import type { Disk } from '../digest/disks.ts';
import type { Endpoint } from '../digest/endpoints.ts';
import type { LoginDigest } from '../digest/logins.ts';
import type { Lane } from '../ring/lane.ts';
import type { SeriesStore } from '../series/series-store.ts';
import type { Step } from '../series/step-table.ts';
import { fitsKind, type Kind } from './kinds.ts';
import { maskedText } from './mask.ts';

export interface RingingAlert {
  readonly node: string;
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly severity: string;
  readonly sinceMs: number;
  readonly text: string;
  readonly isTold: boolean;
  readonly isAcknowledged: boolean;
  readonly silentUntilMs: number | null;
  readonly told: readonly { readonly name: string; readonly atMs: number }[];
}

/** Of the last hour, the oldest first: failures and all, mean time of an answer; null where there was no check. */
export type Bar = readonly [failures: number, count: number, ms: number | null] | null;

export interface StateAnswer {
  readonly nowMs: number;
  readonly host: string;
  readonly zone: string;
  readonly build: string;
  readonly sinceMs: number;
  readonly flowsRun: boolean;
  readonly isKept: boolean;
  readonly isClockWrong: boolean;
  readonly ringing: readonly RingingAlert[];
  readonly pending: readonly PendingReport[];
  readonly latest: Latest | null;
  readonly endpoints: readonly (Endpoint & { readonly bars: readonly Bar[]; readonly upPercent: number | null })[];
  readonly disks: readonly (Disk & { readonly limits: readonly Limit[] })[];
  /** The greatest load of a core in the last hour, and when that was; the use of the fullest disk six hours ago. */
  readonly loadMax: readonly [value: number, atMs: number] | null;
  readonly fullestBefore: number | null;
  readonly containers: readonly (Container & {
    readonly lines: number;
    readonly errors: number;
    readonly lastError: string;
  })[];
  readonly logins: LoginDigest;
  readonly deliveries: readonly DeliveryState[];
  readonly sentInHour: number | null;
  readonly told: readonly { readonly name: string; readonly count: number; readonly lastMs: number }[];
  readonly counts: { readonly [kind in Kind]?: number };
}

interface Sources {
  readonly digest: Digest;
  readonly store: SeriesStore;
  readonly isKept: boolean;
  readonly kept: { readonly all: readonly unknown[] };
  readonly told: readonly {
    readonly node: string;
    readonly id: string;
    readonly state: string;
    readonly atMs: number;
  }[];
  readonly sentences: ReadonlyMap<string, string>;
  firing(): readonly AlertState[];
}

/** What does not come from records. */
export interface Facts {
  readonly host: string;
  readonly zone: string;
  /** Changes with each build of the page. */
  readonly build: string;
  flowsRun(): boolean;
  deliveries(): readonly DeliveryState[];
  /** Which alerts may ring soon. */
  pending(): readonly PendingReport[];
  /** Gives the limits that stand now for a series. */
  limits(): (series: string) => readonly Limit[];
  nodeName(id: string): string;
}

const BARS = 60;
const SIX_HOURS = 360;
/** So near to a moment a value is that of the moment. */
const NEAR_MINUTES = 15;
const LONGEST_LINE = 200;
const MOST_SHOWN = 300;

/** All that is so now, but the list and the charts. */
export function stateOf(
  sources: Sources,
  ring: { readonly lanes: readonly Lane[]; readonly sinceMs: number; readonly size: number },
  facts: Facts,
  nowMs: number,
  withNames: boolean,
): StateAnswer {
  const { digest, store } = sources;
  const show = (text: string): string => (withNames ? text : maskedText(text));
  const sent = store.range('records_sent', 'minute', BARS, nowMs).filter((step) => step !== undefined);
  return {
    nowMs,
    host: String(digest.host?.host ?? facts.host),
    zone: facts.zone,
    build: facts.build,
    sinceMs: ring.sinceMs,
    flowsRun: facts.flowsRun(),
    isKept: sources.isKept,
    isClockWrong: store.isWaiting,
    ringing: sources.firing().map((alert) => ringing(alert, sources, facts, show)),
    pending: facts.pending().map((one) => ({ ...one, key: show(one.key) })),
    latest: digest.host ?? null,
    endpoints: digest.endpoints.slice(-MOST_SHOWN).map((endpoint) => ({
      ...endpoint,
      message: show(endpoint.message),
      ...checksOf(store, endpoint.name, nowMs),
    })),
    disks: disksWith(digest.disks.slice(-MOST_SHOWN), facts),
    ...pastOf(sources, nowMs),
    containers: digest
      .containers(nowMs)
      .slice(-MOST_SHOWN)
      .map((one) => ({ ...one, ...linesOf(ring.lanes, one.name, show) })),
    logins: digest.logins.result(nowMs, withNames),
    deliveries: facts.deliveries(),
    sentInHour: sent.length === 0 ? null : sent.reduce((sum, step) => sum + step.sum, 0),
    told: toldBy(sources, facts, nowMs),
    counts: countsOf(ring, sources),
  };
}

function disksWith(disks: readonly Disk[], facts: Facts): StateAnswer['disks'] {
  const limits = facts.limits();
  return disks.map((disk) => ({ ...disk, limits: limits(`disk_used_percent ${disk.mount}`) }));
}

function pastOf({ digest, store }: Sources, nowMs: number): Pick<StateAnswer, 'loadMax' | 'fullestBefore'> {
  const load = store.range('load_per_core_1m', 'minute', BARS, nowMs);
  const found = load.reduce(
    (most, step, index) => (step !== undefined && step.max > (load[most]?.max ?? -1) ? index : most),
    -1,
  );
  const greatest = load[found];
  const atMs = (Math.floor(nowMs / 60_000) - BARS + 1 + found) * 60_000;
  const fullest = digest.disks.toSorted((a, b) => (b.usedPercent ?? 0) - (a.usedPercent ?? 0))[0];
  const past = fullest && store.range(`disk_used_percent ${fullest.mount}`, 'minute', SIX_HOURS, nowMs);
  const before = past?.slice(0, NEAR_MINUTES).find((step) => step !== undefined);
  return {
    loadMax: greatest === undefined ? null : [greatest.max, atMs],
    fullestBefore: before === undefined ? null : before.sum / before.count,
  };
}

function ringing(alert: AlertState, sources: Sources, facts: Facts, show: (text: string) => string): RingingAlert {
  const { node, id, name, severity, sinceMs, isTold } = alert;
  const told = sources.told.filter((one) => one.id === id && one.state === 'firing');
  return {
    ...{ node, id, name, severity, sinceMs, isTold },
    key: show(alert.key),
    text: show(sources.sentences.get(id) ?? ''),
    isAcknowledged: alert.isAcknowledged === true,
    silentUntilMs: alert.silentUntilMs ?? null,
    told: told.slice(-3).map((one) => ({ name: facts.nodeName(one.node), atMs: one.atMs })),
  };
}

function checksOf(store: SeriesStore, name: string, nowMs: number): { bars: Bar[]; upPercent: number | null } {
  const failures = store.range(`http_failure ${name}`, 'minute', SIX_HOURS, nowMs);
  const times = store.range(`http_response_time_ms ${name}`, 'minute', BARS, nowMs);
  const bar = (step: Step | undefined, index: number): Bar => {
    const time = times[index];
    return step === undefined
      ? null
      : [step.sum, step.count, time === undefined ? null : Math.round((time.sum / time.count) * 10) / 10];
  };
  const seen = failures.filter((step) => step !== undefined);
  const count = seen.reduce((sum, step) => sum + step.count, 0);
  const failed = seen.reduce((sum, step) => sum + step.sum, 0);
  return { bars: failures.slice(-BARS).map(bar), upPercent: count === 0 ? null : (1 - failed / count) * 100 };
}

function linesOf(lanes: readonly Lane[], container: string, show: (text: string) => string) {
  const own = lanes.filter((lane) => lane.container === container && lane.kind !== 'docker_event');
  const errors = own.find(({ kind }) => kind === 'stderr');
  const last = errors?.last();
  const text = last === undefined ? '' : String(recordOf(last.document).message ?? '');
  return {
    lines: own.reduce((sum, lane) => sum + lane.count, 0),
    errors: errors?.count ?? 0,
    lastError: show(text.slice(0, LONGEST_LINE)),
  };
}

function toldBy({ told }: Sources, facts: Facts, nowMs: number): StateAnswer['told'] {
  const byNode = new Map<string, { count: number; lastMs: number }>();
  for (const { node, atMs } of told) {
    if (nowMs - atMs > SIX_HOURS * 60_000) continue;
    byNode.set(node, { count: (byNode.get(node)?.count ?? 0) + 1, lastMs: atMs });
  }
  return [...byNode].map(([node, { count, lastMs }]) => ({ name: facts.nodeName(node), count, lastMs }));
}

function countsOf(
  ring: { readonly lanes: readonly Lane[]; readonly size: number },
  { kept }: Sources,
): StateAnswer['counts'] {
  const kinds = ['alerts', 'logins', 'docker', 'http', 'host'] as const;
  const counted = kinds.map((kind) => [
    kind,
    ring.lanes.reduce((sum, lane) => (fitsKind(kind, lane) ? sum + lane.count : sum), 0),
  ]);
  return { ...Object.fromEntries(counted), all: ring.size, matters: kept.all.length };
}

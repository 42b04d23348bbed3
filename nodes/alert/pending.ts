import type { Firing } from './firing.ts';
import type { Judge } from './judge/judge.ts';
import type { AlertKey } from './key.ts';
import type { KindSettings } from './settings.ts';

/** What may ring soon: its condition holds, but not for as long as the rule asks, or it has come half of the way. */
export interface PendingAlert {
  readonly key: string;
  /** Since when the condition holds, in ms since the epoch; undefined for what is counted. */
  readonly sinceMs: number | undefined;
  /** When it rings if nothing changes; undefined where time alone does not decide. */
  readonly dueMs: number | undefined;
  /** How far it is, and how far it must be; undefined where only time counts. */
  readonly count: number | undefined;
  readonly of: number | undefined;
}

interface Entry {
  readonly key: AlertKey;
  readonly judge: Pick<Judge, 'pending' | 'mostValue' | 'valueAt'>;
  readonly firing: Firing | undefined;
}

const MOST_SHOWN = 20;

/** The keys of a rule that may ring soon, those that began first at the front. */
export function pendingAlerts(entries: Iterable<Entry>, rings: KindSettings, nowMs: number): PendingAlert[] {
  const calm = [...entries].filter(({ firing }) => firing === undefined);
  const found = calm.flatMap((entry) =>
    rings.kind === 'count' ? counted(entry, rings, nowMs) : lasting(entry, rings),
  );
  return found.sort((one, other) => (one.sinceMs ?? nowMs) - (other.sinceMs ?? nowMs)).slice(0, MOST_SHOWN);
}

/** The first that time alone keeps from ringing; `pending` in the order in which they began. */
export function firstDue(pending: readonly PendingAlert[]): { key: string; dueMs: number } | undefined {
  for (const { key, dueMs } of pending) if (dueMs !== undefined) return { key, dueMs };
  return undefined;
}

function lasting({ key, judge }: Entry, rings: KindSettings): PendingAlert[] {
  if (judge.pending === undefined || !('forMs' in rings)) return [];
  const { sinceMs, samples } = judge.pending;
  const { forMs, forSamples } = rings;
  const isCounted = forSamples > samples;
  return [
    {
      key: key.text,
      sinceMs,
      dueMs: forMs > 0 ? sinceMs + forMs : undefined,
      count: isCounted ? samples : undefined,
      of: isCounted ? forSamples : undefined,
    },
  ];
}

/** Half of the way is worth a look, less is every day's noise. */
function counted(
  { key, judge }: Entry,
  { threshold }: KindSettings & { kind: 'count' },
  nowMs: number,
): PendingAlert[] {
  const isNear = (value: number | undefined): value is number =>
    value !== undefined && value > 0 && value * 2 >= threshold;
  // What a judge has at most is found at once.
  if (!isNear(judge.mostValue)) return [];
  const count = judge.valueAt(nowMs);
  return isNear(count) ? [{ key: key.text, sinceMs: undefined, dueMs: undefined, count, of: threshold }] : [];
}

import type { Fields } from '../../lib/rules/compile.ts';
import { type AlertSeverity, membersOf, pastTime, SEVERITIES } from './judge/judge.ts';

/** An alert that fires, from its first record to its end. */
export interface Firing {
  /** The same from firing to resolved. */
  readonly id: string;
  sinceMs: number;
  severity: AlertSeverity;
  value: number | undefined;
  /** The value that was farthest off. */
  worst?: number | undefined;
  /** How many records said so. */
  count: number;
  /** The record that caused it, or the severity that it has now. */
  record: Fields;
  /** When the last of them happened, in ms since the epoch. */
  seenMs?: number | undefined;
  /** It was read late: when that was, in ms since the epoch. */
  readonly readMs?: number | undefined;
}

/** The one of two values that is farther off; one that is none is left out. */
export function worstOf(one: number | undefined, other: number | undefined, isFalling = false): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isFalling ? Math.min(one, other) : Math.max(one, other);
}

/** An alert that fires, as a state file has it; undefined for anything else. */
export function parseFiring(saved: unknown, latestMs: number): Firing | undefined {
  const { id, sinceMs, severity, value, worst, count, record, readMs, seenMs } = membersOf(saved);
  const since = pastTime(sinceMs, latestMs);
  const known = SEVERITIES.find((one) => one === severity);
  if (typeof id !== 'string' || id === '' || since === undefined || known === undefined) return undefined;
  return {
    id,
    sinceMs: since,
    severity: known,
    value: finite(value),
    worst: finite(worst),
    count: Number.isSafeInteger(count) ? Number(count) : 1,
    record: { ...membersOf(record) },
    readMs: pastTime(readMs, latestMs),
    seenMs: pastTime(seenMs, latestMs),
  };
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

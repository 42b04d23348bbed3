import type { Fields } from '../../lib/rules/compile.ts';
import type { Sample } from './judge/judge.ts';

/** A record's time counts where it is no later than this after its arrival. */
const AHEAD_MS = 60_000;
/** A record that came so much later than it happened is no news about the present. */
const BACKLOG_MS = 120_000;

export interface TimedSample extends Sample {
  /** The record's time was later than its arrival: the arrival counts. */
  readonly isAhead: boolean;
}

/** A record with the times that count for it. `arrivalMs`: ms since the epoch. */
export function sampleOf(record: Fields, arrivalMs: number): TimedSample {
  const happenedMs = timeOf(record.time);
  const isAhead = happenedMs !== undefined && happenedMs > arrivalMs + AHEAD_MS;
  const timeMs = happenedMs === undefined || isAhead ? arrivalMs : happenedMs;
  return { record, timeMs, arrivalMs, isBacklog: arrivalMs - timeMs > BACKLOG_MS, isAhead };
}

/** ISO 8601 with a zone, as all records have it; anything else is no time. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !ISO.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

import type { Fields } from '../../../lib/rules/compile.ts';
import type { AlertKey } from '../key.ts';

/** How bad an alert is, worst first. */
export const SEVERITIES = ['critical', 'error', 'warning', 'notice'] as const;
export type AlertSeverity = (typeof SEVERITIES)[number];

export function isWorse(one: AlertSeverity, other: AlertSeverity): boolean {
  return SEVERITIES.indexOf(one) < SEVERITIES.indexOf(other);
}

export function worst(one: AlertSeverity, other: AlertSeverity): AlertSeverity {
  return isWorse(one, other) ? one : other;
}

/** A record that a rule looks at. */
export interface Sample {
  readonly record: Fields;
  /** When it happened, and when it came; in ms since the epoch. */
  readonly timeMs: number;
  readonly arrivalMs: number;
  /** It was read much later than it happened: it is no news about now. */
  readonly isBacklog: boolean;
}

/** Why an alert ended, where no record said so. */
export type EndReason = 'time' | 'forgotten' | 'rule-changed' | 'rule-removed';

export interface Bad {
  readonly isBad: true;
  /** Since when, in ms since the epoch. */
  readonly sinceMs: number;
  /** Where the rule's own severity does not hold. */
  readonly severity?: AlertSeverity | undefined;
  readonly value?: number | undefined;
  /** It has no end: it is told and forgotten. */
  readonly isEvent?: boolean;
  /** What said so, where that is not the record that was taken just now. */
  readonly cause?: Sample;
}

export interface Good {
  readonly isBad: false;
  readonly atMs: number;
  readonly value?: number | undefined;
  readonly reason?: EndReason;
}

/** What a judge says; undefined where nothing is to be said about the present. */
export type Verdict = Bad | Good | undefined;

/** Why a sample said nothing, for the status. */
export type Ignored = 'late' | 'repeated' | 'unlisted' | 'not-a-number' | 'negative' | 'no-field';

/** What a judge begins with. */
export interface JudgeStart {
  readonly key: AlertKey;
  readonly nowMs: number;
  /** What an earlier run kept: anything, for it comes from a file. */
  readonly saved?: unknown;
  /** The limits were changed since then: the alert that it has firing was started by others. */
  readonly isChanged?: boolean;
}

/** Judges the records of one key by one rule. Its state is JSON. */
export interface Judge {
  take(sample: Sample, isFiring: boolean): Verdict | Ignored;
  /** What the clock alone says. */
  tick(nowMs: number, isFiring: boolean): Verdict;
  /** Whether it holds nothing that is worth keeping. */
  isIdle(nowMs: number): boolean;
  /** How far it is, for people: a count or a value. */
  valueAt(nowMs: number): number | undefined;
  /** No less than that, and found at once. */
  readonly mostValue: number | undefined;
  /** Since when, in ms since the epoch, and over how many samples it is bad, where it can be too short; also while it fires. */
  readonly pending?: { readonly sinceMs: number; readonly samples: number } | undefined;
  readonly saved: unknown;
  /** Whether the last record told no more than that it came: what is saved differs by that time alone. */
  readonly isUnmoved: boolean;
  /** This Node-RED was off, asleep or stopped: so much time did not pass for it. */
  skip(ms: number, nowMs: number): void;
  /** The clock was set by so much: all that it knows by the old one moves along. */
  shift(ms: number, nowMs: number): void;
}

/** The members of a saved state, which may be anything. */
export function membersOf(saved: unknown): { readonly [name: string]: unknown } {
  return typeof saved === 'object' && saved !== null ? (saved as { [name: string]: unknown }) : {};
}

/** The year 2100: no clock is that far off. */
export const MOST_MS = 4_102_444_800_000;

/** A saved time in ms since the epoch, never later than now; undefined for anything else. */
export function pastTime(value: unknown, nowMs: number): number | undefined {
  return typeof value === 'number' && Math.abs(value) <= MOST_MS ? Math.min(value, nowMs) : undefined;
}

import type { Fields } from '../../../lib/rules/compile.ts';

/** How bad an alert is, worst first. */
export const SEVERITIES = ['critical', 'error', 'warning', 'notice'] as const;
export type AlertSeverity = (typeof SEVERITIES)[number];

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
export type Ignored = 'late' | 'repeated' | 'unlisted' | 'not-a-number' | 'negative';

/** Judges the records of one key by one rule. Its state is JSON. */
export interface Judge {
  take(sample: Sample, isFiring: boolean): Verdict | Ignored;
  /** What the clock alone says. */
  tick(nowMs: number, isFiring: boolean): Verdict;
  /** Whether it holds nothing that is worth keeping. */
  readonly isIdle: boolean;
  readonly saved: unknown;
  /** This Node-RED was off, slept, or its clock was set: so much time did not pass for it. */
  skip(ms: number, nowMs: number): void;
}

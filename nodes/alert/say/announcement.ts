import type { Fields } from '../../../lib/rules/compile.ts';
import type { Firing } from '../firing.ts';
import type { EndReason } from '../judge/judge.ts';
import type { AlertKey } from '../key.ts';

/** What is to be said, and how. */
export interface Announcement {
  readonly kind: 'firing' | 'severity' | 'reminder' | 'resolved' | 'event' | 'summary' | 'summary-over';
  readonly key: AlertKey;
  /** Of a summary: the one that stands for its members. */
  readonly firing: Firing;
  readonly atMs: number;
  /** Of what can be said several times of one alert: the how-manieth it is, from 1 on. */
  readonly nth?: number;
  readonly value?: number | undefined;
  readonly reason?: EndReason | undefined;
  /** Of an end: the record that said so. */
  readonly end?: Fields | undefined;
  /** Nobody need be woken. */
  readonly isQuiet?: boolean;
  /** Of a summary: whom it stands for. */
  readonly members?: readonly string[];
  /** What it says, instead of the text of the rule. */
  readonly text?: string;
}

import type { Fields } from '../../lib/rules/compile.ts';
import type { Firing } from './firing.ts';
import type { EndReason } from './judge/judge.ts';
import type { AlertKey } from './key.ts';

/** What changed for one key. */
export interface Change {
  readonly kind: 'firing' | 'severity' | 'resolved' | 'event';
  readonly key: AlertKey;
  readonly firing: Firing;
  readonly atMs: number;
  /** Of an end: the value that ended it, and the reason where no record did. */
  readonly value?: number | undefined;
  readonly reason?: EndReason | undefined;
  /** Of an end: the record that said so. */
  readonly end?: Fields | undefined;
}

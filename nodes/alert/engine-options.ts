import type { CompiledRules, Fields } from '../../lib/rules/compile.ts';
import type { Firing } from './firing.ts';
import type { AlertSeverity, Ignored, Judge, JudgeStart } from './judge/judge.ts';
import type { AlertKey } from './key.ts';

/** What was not judged, by reason, since the start. */
export type Notices = { [reason in Ignored | 'clock-ahead' | 'no-key' | 'no-room' | 'forgotten-keys']?: number };

export interface EngineOptions {
  readonly only: CompiledRules;
  /** Records that do not fit `only` are judged as well: the end of an alert may look otherwise. */
  readonly alsoJudges?: ((record: Fields) => boolean) | undefined;
  /** A record that was read a second time, by its `event_id`, says nothing. */
  readonly isOnceOnly?: boolean;
  /** The field that the rule reads; blank where a record itself is what counts. */
  readonly field: string;
  readonly each: readonly string[];
  readonly orNone: boolean;
  readonly severity: AlertSeverity;
  readonly mostKeys: number;
  /** Keys that are judged though no record has named them. */
  readonly expected?: readonly AlertKey[];
  /** The lower a value, the worse. */
  readonly isFalling?: boolean;
  createJudge(start: JudgeStart): Judge;
  /** Whether what caused an alert would still cause one: else a change of the limits has ended it. */
  isStillBad?(firing: Firing): boolean;
  /** A new id for an alert. */
  createId(): string;
}

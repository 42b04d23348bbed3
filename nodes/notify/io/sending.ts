import type { MonitoringError } from '../../../lib/errors.ts';
import type { Alert, AlertSeverity } from '../alert.ts';
import type { OutboxState } from '../outbox-state.ts';
import type { Service, Target } from '../services/service.ts';
import type { Speech } from '../text/entry.ts';
import type { Keeper } from './keeper.ts';
import type { Lane } from './lane.ts';
import type { Post } from './post.ts';

export interface Clock {
  /** Ms since the epoch. */
  nowMs(): number;
  /** Resolves after `ms`, or when the signal aborts. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Where messages go, and how. */
export interface Destination {
  readonly service: Service;
  readonly target: Target;
  /** Stands for address and credentials; see `placeOf`. */
  readonly place: string;
  readonly lane: Lane;
  readonly post: Post;
}

export interface Problem {
  /** What the service or the system says. */
  readonly reason: string;
  /** The same in one word, for a status. */
  readonly code: string;
  /** It has lasted, or will: people have to hear of it. */
  readonly isFault: boolean;
}

export interface SenderView {
  readonly problem?: Problem;
  /** The address has to change, or its credential. */
  readonly isStopped: boolean;
  /** When the last message was taken, in ms since the epoch. */
  readonly takenMs?: number;
  readonly isOnlyAccepted?: boolean;
}

export interface OutboxView extends SenderView {
  readonly waiting: number;
  /** How many alerts nobody heard of. */
  readonly untold: number;
}

export interface OutboxOptions {
  readonly destination: Destination | undefined;
  readonly least: AlertSeverity;
  readonly collectMs: number;
  readonly speech: Speech;
  readonly keeper: Keeper<OutboxState>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly explain: (error: unknown) => string;
  readonly onView: (view: OutboxView) => void;
  /** The service has taken the last word on an alert. */
  readonly onTold: (alert: Alert) => void;
  /** Something is lost, or may be. */
  readonly onFault: (error: MonitoringError) => void;
}

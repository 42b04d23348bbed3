import type { WakeableWait } from '../../../../lib/io/wait.ts';
import type { ConfirmPace } from '../../confirm-pace.ts';
import type { Ledger } from './connection.ts';
import type { Failover } from './failover.ts';
import type { ReplayWindow } from './replay-window.ts';

/** What a shipper shares with its sessions. */
export interface SessionContext extends Ledger {
  readonly replay: ReplayWindow;
  readonly failover: Failover;
  readonly pace: ConfirmPace;
  /** Ends when a message comes in, when a connection changes, and when the shipper closes. */
  readonly idle: WakeableWait;
  /** How long the replay window holds what was sent, in ms. */
  readonly replayMs: number;
  /** How often an earlier endpoint is looked for while a later one serves, in ms. */
  readonly returnMs: number;
  /** A new connection every so many ms, for load balancers; 0 is never. */
  readonly renewMs: number;
  /** Aborts when the shipper closes, and when its time for that is up. */
  readonly closing: AbortSignal;
  readonly deadline: AbortSignal;
  /** Whether the shipper closes, and has sent what it could. */
  isFlushed(): boolean;
  /** Hears that the server at this endpoint takes records. */
  onServing(name: string): void;
  /** Hears that it does not any more. */
  onAway(name: string, error: unknown): void;
  /** Hears that something is on its way. */
  onSent(): void;
  /** Hears that a batch was confirmed, or came back to the buffer. */
  onBatch(): void;
}

import type { Counters } from '../../delivery-state.ts';
import type { RecordBuffer } from '../buffer/record-buffer.ts';
import type { Opened } from './failover.ts';
import type { FramePool } from './frame-pool.ts';
import type { SentBatch } from './sent-batch.ts';

/** What the connections of one shipper share. */
export interface Ledger {
  readonly buffer: RecordBuffer;
  readonly frames: FramePool;
  readonly counters: Counters;
}

/** One connection, and what was sent over it that its peer has not confirmed. */
export class Connection {
  readonly opened: Opened;
  /** When the first message left, in ms of a steady clock. */
  sentMs: number | undefined;
  /** Settles when its end was asked for and the peer has answered, or not. */
  draining: Promise<void> | undefined;
  /** Rings when the peer must confirm. */
  timer: NodeJS.Timeout | undefined;
  #batches: SentBatch[] = [];
  #bytes = 0;

  constructor(opened: Opened) {
    this.opened = opened;
  }

  get batches(): readonly SentBatch[] {
    return this.#batches;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(batch: SentBatch): void {
    this.#batches.push(batch);
    this.#bytes += batch.size;
  }

  remove(batch: SentBatch): void {
    this.#batches = this.#batches.filter((other) => other !== batch);
    this.#bytes -= batch.size;
  }

  /** The peer has read everything. */
  confirm({ buffer, frames, counters }: Ledger): void {
    for (const batch of this.#empty()) {
      counters.sent += batch.count;
      buffer.releaseBatches(batch.confirm(frames));
    }
  }

  /** The messages that are to be sent again, oldest first. */
  takeBack({ frames }: Ledger): ReturnType<SentBatch['takeBack']> {
    return this.#empty().flatMap((batch) => batch.takeBack(frames));
  }

  #empty(): SentBatch[] {
    clearTimeout(this.timer);
    const batches = this.#batches;
    this.#batches = [];
    this.#bytes = 0;
    return batches;
  }
}

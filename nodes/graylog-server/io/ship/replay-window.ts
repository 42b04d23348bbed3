import { type BatchKey, SEPARATOR } from '../buffer/batch-key.ts';
import type { Entry } from '../buffer/queue.ts';

/** A batch that was sent, as bytes: kept as texts, megabytes a second would go through the garbage collector. */
interface SentBatch {
  readonly frame: Buffer;
  readonly count: number;
  readonly keys: readonly BatchKey[];
  readonly atMs: number;
}

/**
 * What was sent in the last seconds over a connection that confirms nothing. When the peer resets the connection, what
 * its system had taken and its program had not read is gone: sending the window again is the only way not to lose it.
 */
export class ReplayWindow {
  #batches: SentBatch[] = [];
  #head = 0;
  #size = 0;
  #pausedUntilMs = 0;
  readonly #maxSize: number;
  readonly #maxMs: number;
  readonly #onGone: (frame: Buffer) => void;

  /**
   * `maxSize` in bytes and `maxMs` in milliseconds bound what is kept; 0 keeps nothing. `onGone` takes the frames that are
   * no longer needed.
   */
  constructor(maxSize: number, maxMs: number, onGone: (frame: Buffer) => void = () => undefined) {
    this.#maxSize = maxSize;
    this.#maxMs = maxMs;
    this.#onGone = onGone;
  }

  get size(): number {
    return this.#size;
  }

  /** Nothing ages for the length of the window: the peer is slow, and what it has not taken may be older than that. */
  pauseAging(nowMs: number): void {
    this.#pausedUntilMs = nowMs + this.#maxMs;
  }

  /**
   * Keeps what was just sent, and returns the keys of what the window no longer holds. `frame` is what was sent, which
   * begins with `count` messages, each followed by a NUL; `keys` name the batches on disk that end with them. What is sent
   * again ages since it was sent first (`sentMs`): to a peer that hangs up every few seconds it would come without end.
   */
  keep(frame: Buffer, count: number, keys: readonly BatchKey[], nowMs: number, sentMs = nowMs): readonly BatchKey[] {
    if (this.#maxSize === 0 || this.#maxMs === 0) {
      this.#onGone(frame);
      return keys;
    }
    if (count === 0) return [];
    this.#batches.push({ frame, count, keys, atMs: sentMs });
    this.#size += frame.length;
    return this.expire(nowMs);
  }

  /** Forgets what is older or more than the window holds, and returns its keys. */
  expire(nowMs: number): BatchKey[] {
    const gone: BatchKey[] = [];
    for (let batch = this.#batches[this.#head]; batch !== undefined; batch = this.#batches[this.#head]) {
      const isAged = nowMs - batch.atMs > this.#maxMs && nowMs >= this.#pausedUntilMs;
      if (!isAged && this.#size <= this.#maxSize) break;
      this.#size -= batch.frame.length;
      this.#head += 1;
      gone.push(...batch.keys);
      this.#onGone(batch.frame);
    }
    // Cutting the array each time would copy the whole window for every batch.
    if (this.#head * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#head);
      this.#head = 0;
    }
    return gone;
  }

  /** Empties the window and returns what it held, oldest first. */
  takeUnconfirmed(): Entry[] {
    const entries = this.#batches.slice(this.#head).flatMap(({ frame, count, keys, atMs }) => {
      const messages = frame.toString().split(SEPARATOR, count);
      const batch: Entry[] = messages.map((text) => ({ text, done: undefined, atMs, sentMs: atMs }));
      const last = batch.pop() as Entry;
      return [...batch, { ...last, keys }];
    });
    this.#batches = [];
    this.#head = 0;
    this.#size = 0;
    return entries;
  }
}

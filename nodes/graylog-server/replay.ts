import type { Entry } from './queue.ts';

/**
 * What was sent in the last seconds over a connection that confirms nothing. When the peer resets the connection, what
 * its system had taken and its program had not read is gone: sending the window again is the only way not to lose it.
 */
export class ReplayWindow {
  #batches: { entries: readonly Entry[]; size: number; atMs: number }[] = [];
  #size = 0;
  #heldUntilMs = 0;
  #head = 0;
  readonly #maxSize: number;
  readonly #maxMs: number;

  /** `maxSize` in characters and `maxMs` in milliseconds bound what is kept; 0 keeps nothing. */
  constructor(maxSize: number, maxMs: number) {
    this.#maxSize = maxSize;
    this.#maxMs = maxMs;
  }

  get size(): number {
    return this.#size;
  }

  /** The peer is slow: what it has not taken may be older than the window, so for as long nothing ages. */
  hold(nowMs: number): void {
    this.#heldUntilMs = nowMs + this.#maxMs;
  }

  /** Takes what was just sent and returns what the window no longer holds. */
  add(entries: readonly Entry[], nowMs: number): Entry[] {
    if (this.#maxSize === 0 || this.#maxMs === 0) return [...entries];
    let size = 0;
    for (const { text } of entries) size += text.length;
    this.#batches.push({ entries, size, atMs: nowMs });
    this.#size += size;
    return this.expire(nowMs);
  }

  /** Forgets what is older or more than the window holds, and returns it. */
  expire(nowMs: number): Entry[] {
    const gone: Entry[] = [];
    for (let batch = this.#batches[this.#head]; batch !== undefined; batch = this.#batches[this.#head]) {
      const isAged = nowMs - batch.atMs > this.#maxMs && nowMs >= this.#heldUntilMs;
      if (!isAged && this.#size <= this.#maxSize) break;
      this.#size -= batch.size;
      this.#head += 1;
      for (const entry of batch.entries) gone.push(entry);
    }
    // Cutting the array each time would copy the whole window for every batch.
    if (this.#head * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#head);
      this.#head = 0;
    }
    return gone;
  }

  /** Empties the window and returns what it held, oldest first. */
  takeAll(): Entry[] {
    const entries = this.#batches.slice(this.#head).flatMap((batch) => batch.entries);
    this.#batches = [];
    this.#head = 0;
    this.#size = 0;
    return entries;
  }
}

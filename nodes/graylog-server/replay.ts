import type { Entry } from './queue.ts';

/**
 * What was sent in the last seconds over a connection that confirms nothing. When the peer resets the connection, what
 * its system had taken and its program had not read is gone: sending the window again is the only way not to lose it.
 */
export class ReplayWindow {
  #batches: { entries: readonly Entry[]; size: number; atMs: number }[] = [];
  #size = 0;
  #heldUntilMs = 0;
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
    let gone = 0;
    for (const { size, atMs } of this.#batches) {
      const isAged = nowMs - atMs > this.#maxMs && nowMs >= this.#heldUntilMs;
      if (!isAged && this.#size <= this.#maxSize) break;
      this.#size -= size;
      gone += 1;
    }
    return gone === 0 ? [] : this.#batches.splice(0, gone).flatMap(({ entries }) => entries);
  }

  /** Empties the window and returns what it held, oldest first. */
  takeAll(): Entry[] {
    const entries = this.#batches.flatMap((batch) => batch.entries);
    this.#batches = [];
    this.#size = 0;
    return entries;
  }
}

import type { FramePool } from '../ship/frame-pool.ts';
import { SEPARATOR } from './batch-key.ts';
import { PackedBatch } from './packed-batch.ts';
import { type Done, type Entry, FreshEntry, Queue } from './queue.ts';

/**
 * The messages that were taken in last, in order. Where they go out as frames they wait as such, behind the ones that wait
 * one by one; whoever wants them one by one gets them so.
 */
export class FreshQueue {
  /** Whether messages are packed into frames. */
  isPacking = false;
  readonly #frames: FramePool;
  readonly #entries = new Queue();
  #packed: PackedBatch[] = [];
  #packedSize = 0;
  #packedCount = 0;

  constructor(frames: FramePool) {
    this.#frames = frames;
  }

  /** Characters waiting; of packed messages their bytes. */
  get size(): number {
    return this.#entries.size + this.#packedSize;
  }

  get length(): number {
    return this.#entries.length + this.#packedCount;
  }

  /** When the first of them was taken in, in ms of a steady clock; undefined where there is none. */
  get oldestMs(): number | undefined {
    return this.#entries.oldest?.atMs ?? this.#packed[0]?.atMs;
  }

  /** Takes in `count` messages, each followed by a NUL. `nowMs`: of a steady clock. */
  enqueue(messages: string | Buffer, count: number, done: Done, nowMs: number): void {
    if (this.isPacking && this.#pack(messages, count, done, nowMs)) return;
    this.#unpack(Number.POSITIVE_INFINITY);
    for (const one of messages.toString().split(SEPARATOR, count))
      this.#entries.enqueue(new FreshEntry(one, done, nowMs));
  }

  /** Takes the first messages as one frame, where they are packed. */
  dequeuePacked(): PackedBatch | undefined {
    if (this.#entries.length > 0) return undefined;
    const packed = this.#packed.shift();
    if (packed !== undefined) this.#forget(packed);
    return packed;
  }

  dequeue(): Entry | undefined {
    this.#unpack(1);
    return this.#entries.dequeue();
  }

  /** Takes messages from the front: at least one, where there is one, and no more than `limit` characters otherwise. */
  dequeueBatch(limit: number): Entry[] {
    this.#unpack(limit);
    return this.#entries.dequeueBatch(limit);
  }

  dequeueAll(): Entry[] {
    return this.dequeueBatch(Number.POSITIVE_INFINITY);
  }

  /** Puts messages back before all others. */
  putBack(entries: readonly Entry[]): void {
    this.#entries.putBack(entries);
  }

  /** Tells whoever waits for a message that it is kept here, which is as safe as it gets. */
  settleAll(): void {
    this.#entries.settleAll();
    for (const packed of this.#packed) packed.settleAll();
  }

  #pack(messages: string | Buffer, count: number, done: Done, nowMs: number): boolean {
    let last = this.#packed.at(-1);
    const before = last?.size ?? 0;
    if (last?.add(messages, count, done) === true) this.#packedSize += last.size - before;
    else {
      last = new PackedBatch(this.#frames.take(), nowMs);
      if (!last.add(messages, count, done)) {
        this.#frames.recycle(last.memory);
        return false;
      }
      this.#packed.push(last);
      this.#packedSize += last.size;
    }
    this.#packedCount += count;
    return true;
  }

  /** Takes packed messages apart until so many characters wait one by one. */
  #unpack(limit: number): void {
    while (this.#entries.size < limit) {
      const packed = this.#packed.shift();
      if (packed === undefined) return;
      this.#forget(packed);
      for (const entry of packed.entries()) this.#entries.enqueue(entry);
      this.#frames.recycle(packed.memory);
    }
  }

  #forget(packed: PackedBatch): void {
    this.#packedSize -= packed.size;
    this.#packedCount -= packed.count;
  }
}

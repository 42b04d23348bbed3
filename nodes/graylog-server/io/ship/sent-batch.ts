import { type BatchKey, SEPARATOR } from '../buffer/batch-key.ts';
import { type Done, type Entry, keysOf, settle } from '../buffer/queue.ts';
import type { FramePool } from './frame-pool.ts';

/**
 * A batch on its way that the peer has not confirmed. Once the system has taken it, it is kept as bytes: as texts,
 * megabytes a second would go through the garbage collector.
 */
export class SentBatch {
  readonly count: number;
  /** When the message that waits longest in it was taken in, in ms of a steady clock. */
  readonly atMs: number;
  /** When it was sent first, where all of it is sent again. */
  readonly sentMs: number | undefined;
  readonly #frame: Buffer;
  #entries: readonly Entry[] | undefined;
  #dones: (Done | undefined)[] = [];
  #keys: BatchKey[];
  #isOver = false;

  /** `frame`: the messages, each followed by a NUL; empty where they stay texts. */
  constructor(entries: readonly Entry[], frame: Buffer) {
    this.#entries = entries;
    this.#frame = frame;
    this.#keys = keysOf(entries);
    this.count = entries.length;
    this.atMs = entries[0]?.atMs ?? 0;
    this.sentMs = entries.every(({ sentMs }) => sentMs !== undefined) ? entries[0]?.sentMs : undefined;
  }

  /** Bytes, as far as they are known. */
  get size(): number {
    return this.#frame.length;
  }

  get frame(): Buffer {
    return this.#frame;
  }

  /** The batches on disk that hold its messages. */
  get keys(): readonly BatchKey[] {
    return this.#keys;
  }

  /** Whether somebody still waits to hear that a message of it is safe: those are in memory alone. */
  get isAwaited(): boolean {
    return this.#isOver ? false : this.#pending.some((done) => done !== undefined);
  }

  get texts(): string[] {
    return this.#entries?.map(({ text }) => text) ?? this.#frame.toString().split(SEPARATOR, this.count);
  }

  /** Lets go of the texts: what is needed of them is in the frame. */
  forgetTexts(): void {
    if (this.#entries === undefined || this.#frame.length === 0) return;
    this.#dones = this.#entries.map(({ done }) => done);
    this.#entries = undefined;
  }

  /** Takes note that it is on disk now. False where that comes too late: then the key is to be released. */
  keptAs(key: BatchKey): boolean {
    if (this.#isOver) return false;
    this.#keys.push(key);
    this.#settleAll();
    return true;
  }

  /** The peer has all of it. Gives the batches on disk that need not be kept any more. */
  confirm(frames: FramePool): readonly BatchKey[] {
    this.#isOver = true;
    this.#settleAll();
    frames.recycle(this.#frame);
    return this.#keys;
  }

  /** What of it is to be sent again, from the message at `from` on; the last one names the batches on disk. */
  takeBack(frames: FramePool, from = 0): Entry[] {
    const { texts, atMs } = this;
    this.#isOver = true;
    const dones = this.#pending;
    const entries: Entry[] = texts.slice(from).map((text, i) => ({ text, done: dones[from + i], atMs }));
    const last = entries.pop();
    if (this.#entries === undefined) frames.recycle(this.#frame);
    if (last === undefined) return [];
    entries.push(this.#keys.length === 0 ? last : { ...last, keys: this.#keys });
    return entries;
  }

  /** Settles the messages before `to`: those are done with. */
  settleUntil(to: number): void {
    for (let i = 0; i < to; i += 1) this.settleOne(i);
  }

  settleOne(index: number, error?: Error): void {
    const entry = this.#entries?.[index];
    if (entry !== undefined) settle(entry, error);
  }

  get #pending(): readonly (Done | undefined)[] {
    return this.#entries?.map(({ done }) => done) ?? this.#dones;
  }

  #settleAll(): void {
    if (this.#entries !== undefined) this.settleUntil(this.count);
    const dones = this.#dones;
    this.#dones = [];
    for (const done of dones) call(done);
  }
}

/** As `settle()`, without an entry. */
function call(done: Done | undefined): void {
  try {
    done?.();
  } catch {
    // A getter of the msg may throw when Node-RED copies it: the other messages must go on.
  }
}

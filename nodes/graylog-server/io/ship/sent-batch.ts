import { type BatchKey, SEPARATOR } from '../buffer/batch-key.ts';
import { entriesOf, type PackedBatch, type Run, runsOf, settleRuns } from '../buffer/packed-batch.ts';
import { type Entry, keysOf, settle } from '../buffer/queue.ts';
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
  /** What is to be called, where there are no entries. */
  #runs: readonly Run[] = [];
  #keys: BatchKey[];
  #isOver = false;

  /** `frame`: the messages, each followed by a NUL; empty where they stay texts. */
  constructor(entries: readonly Entry[], frame: Buffer, known?: { readonly count: number; readonly atMs: number }) {
    this.#entries = entries;
    this.#frame = frame;
    this.#keys = keysOf(entries);
    this.count = known?.count ?? entries.length;
    this.atMs = known?.atMs ?? entries[0]?.atMs ?? 0;
    this.sentMs = entries.every(({ sentMs }) => sentMs !== undefined) ? entries[0]?.sentMs : undefined;
  }

  /** The same of messages that waited as a frame. */
  static ofPacked(packed: PackedBatch, frames: FramePool): SentBatch {
    const { count, atMs, runs } = packed;
    const batch = new SentBatch([], frames.trimmed(packed.frame), { count, atMs });
    batch.#runs = runs;
    batch.#entries = undefined;
    return batch;
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
    return this.#isOver ? false : this.#pending.some(({ done }) => done !== undefined);
  }

  get texts(): string[] {
    return this.#entries?.map(({ text }) => text) ?? this.#frame.toString().split(SEPARATOR, this.count);
  }

  /** Lets go of the texts: what is needed of them is in the frame. */
  forgetTexts(): void {
    if (this.#entries === undefined || this.#frame.length === 0) return;
    this.#runs = runsOf(this.#entries);
    this.#entries = undefined;
  }

  /** Takes its messages out of the frame, where each is to be settled by itself. */
  takeApart(): void {
    this.#entries ??= this.#asEntries();
    this.#runs = [];
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
    this.#isOver = true;
    const entries = this.#asEntries().slice(from);
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

  get #pending(): readonly { readonly done?: unknown }[] {
    return this.#entries ?? this.#runs;
  }

  #asEntries(): Entry[] {
    const { atMs } = this;
    if (this.#entries === undefined) return entriesOf(this.#frame, this.count, this.#runs, atMs);
    return this.#entries.map(({ text, done }) => ({ text, done, atMs }));
  }

  #settleAll(): void {
    if (this.#entries !== undefined) this.settleUntil(this.count);
    const runs = this.#runs;
    this.#runs = [];
    settleRuns(runs);
  }
}

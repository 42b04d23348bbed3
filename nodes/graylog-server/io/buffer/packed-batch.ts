import { SEPARATOR } from './batch-key.ts';
import type { Done, Entry } from './queue.ts';

/** Messages that follow each other and have one `done`. */
export interface Run {
  done: Done | undefined;
  count: number;
}

/** No character takes more than three bytes for each of its UTF-16 units. */
const MOST_BYTES_PER_UNIT = 3;

/**
 * Messages as the bytes that TCP writes, each followed by a NUL. A busy system takes in tens of megabytes a second: as texts
 * and objects of their own all of them would go through the garbage collector, some of them twice.
 */
export class PackedBatch {
  readonly memory: Buffer;
  /** When the first message was taken in, in ms of a steady clock. */
  readonly atMs: number;
  #end = 0;
  #count = 0;
  #runs: Run[] = [];

  constructor(memory: Buffer, atMs: number) {
    this.memory = memory;
    this.atMs = atMs;
  }

  get size(): number {
    return this.#end;
  }

  get count(): number {
    return this.#count;
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  /** The messages, each followed by a NUL. */
  get frame(): Buffer {
    return this.memory.subarray(0, this.#end);
  }

  /** Adds `count` messages, each followed by a NUL. False where they have no room. */
  add(messages: string | Buffer, count: number, done: Done): boolean {
    const room = this.memory.length - this.#end;
    if (typeof messages === 'string') {
      if (messages.length * MOST_BYTES_PER_UNIT > room && Buffer.byteLength(messages) > room) return false;
      this.#end += this.memory.write(messages, this.#end);
    } else {
      if (messages.length > room) return false;
      this.memory.set(messages, this.#end);
      this.#end += messages.length;
    }
    this.#count += count;
    const last = this.#runs.at(-1);
    if (last !== undefined && last.done === done) last.count += count;
    else this.#runs.push({ done, count });
    return true;
  }

  entries(): Entry[] {
    return entriesOf(this.frame, this.#count, this.#runs, this.atMs);
  }

  /** Tells whoever waits for its messages that they are kept here. */
  settleAll(): void {
    settleRuns(this.#runs);
    this.#runs = [{ done: undefined, count: this.#count }];
  }
}

/** The first `count` messages of a frame, one by one. */
export function entriesOf(frame: Buffer, count: number, runs: readonly Run[], atMs: number): Entry[] {
  const texts = frame.toString().split(SEPARATOR, count);
  let run = 0;
  let left = runs[0]?.count ?? 0;
  return texts.map((text) => {
    while (left === 0 && run < runs.length) {
      run += 1;
      left = runs[run]?.count ?? 0;
    }
    left -= 1;
    return { text, done: runs[run]?.done, atMs };
  });
}

/** Calls each `done` once for each of its messages. */
export function settleRuns(runs: readonly Run[]): void {
  for (const { done, count } of runs) {
    if (done === undefined) continue;
    for (let i = 0; i < count; i += 1) {
      try {
        done();
      } catch {
        // A getter of the msg may throw when Node-RED copies it: the other messages must go on.
      }
    }
  }
}

/** The `done`s of messages, those that are the same and follow each other as one. */
export function runsOf(entries: readonly Entry[]): Run[] {
  const runs: Run[] = [];
  for (const { done } of entries) {
    const last = runs.at(-1);
    if (last !== undefined && last.done === done) last.count += 1;
    else runs.push({ done, count: 1 });
  }
  return runs;
}

import type { BatchKey } from './batch-key.ts';

/**
 * Called once when the message is sent or safely kept, or with the reason why it never will be. `document` is the message:
 * one function may stand for many of them.
 */
export type Done = (error?: Error, document?: string) => void;

export interface Entry {
  readonly text: string;
  done: Done | undefined;
  /** When it was taken in, in ms of a steady clock. */
  readonly atMs: number;
  /** On the last message of batches that are on disk: they go when this message has arrived. */
  readonly keys?: readonly BatchKey[] | undefined;
  /** It lies on disk in the batches of the next message with keys. */
  readonly isStored?: boolean;
  /** When it was sent first, in ms of a steady clock, where it is sent again since nobody confirmed it. */
  readonly sentMs?: number;
}

/**
 * A message that was just taken in. A class, since V8 learns from object literals: after a moment in which thousands waited
 * it would make all later ones in old memory, where what they refer to outlives them.
 */
export class FreshEntry implements Entry {
  readonly text: string;
  done: Done | undefined;
  readonly atMs: number;

  constructor(text: string, done: Done, atMs: number) {
    this.text = text;
    this.done = done;
    this.atMs = atMs;
  }
}

/** The batches on disk that end with these messages. */
export function keysOf(entries: readonly Entry[]): BatchKey[] {
  const keys: BatchKey[] = [];
  for (const entry of entries) if (entry.keys !== undefined) keys.push(...entry.keys);
  return keys;
}

/** Marks the messages that lie on disk by the keys that follow them. What precedes them in another list is not theirs. */
export function markStored(entries: readonly Entry[]): Entry[] {
  let stored = 0;
  const marked = [...entries].reverse().map((entry) => {
    if (entry.keys !== undefined) stored = entry.keys.reduce((sum, { count }) => sum + count, 0);
    stored -= 1;
    return stored >= 0 ? { ...entry, isStored: true } : entry;
  });
  return marked.reverse();
}

/** Tells whoever waits for it that the message is sent or kept; once. */
export function settle(entry: Entry, error?: Error): void {
  const { done, text } = entry;
  entry.done = undefined;
  try {
    done?.(error, text);
  } catch {
    // Node-RED copies the msg for a Complete node, and a getter of the msg may throw: the other messages must go on.
  }
}

/** Array positions are not reclaimed one by one below this number. */
const MIN_COMPACTED = 4096;

/** Messages that wait in memory, in order, measured by their size in characters (one byte each but for rare ones). */
export class Queue {
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #size = 0;

  /** Characters waiting. */
  get size(): number {
    return this.#size;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  get oldest(): Entry | undefined {
    return this.#entries[this.#head];
  }

  enqueue(entry: Entry): void {
    this.#entries.push(entry);
    this.#size += entry.text.length;
  }

  dequeue(): Entry | undefined {
    return this.dequeueBatch(0)[0];
  }

  /** Takes entries from the front: at least one, where there is one, and no more than `limit` characters otherwise. */
  dequeueBatch(limit: number): Entry[] {
    let end = this.#head;
    let size = 0;
    while (end < this.#entries.length) {
      const next = (this.#entries[end] as Entry).text.length;
      if (end > this.#head && size + next > limit) break;
      size += next;
      end += 1;
    }
    const taken = this.#entries.slice(this.#head, end) as Entry[];
    // Thousands of messages that have left would otherwise live on here, and be copied by every collection.
    this.#entries.fill(undefined, this.#head, end);
    this.#head = end;
    this.#size -= size;
    this.#compact();
    return taken;
  }

  dequeueAll(): Entry[] {
    return this.dequeueBatch(Number.POSITIVE_INFINITY);
  }

  /** Takes out the entries at the front that lie on disk, up to the next with keys, and gives those; none otherwise. */
  dequeueStored(): readonly BatchKey[] {
    for (let at = this.#head; this.#entries[at]?.isStored === true; at += 1) {
      const { keys } = this.#entries[at] as Entry;
      if (keys === undefined) continue;
      for (let left = at - this.#head; left >= 0; left -= 1) settle(this.dequeue() as Entry);
      return keys;
    }
    return [];
  }

  /** Puts entries back before all others. */
  putBack(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#entries = [...entries, ...this.#entries.slice(this.#head)];
    this.#head = 0;
    for (const { text } of entries) this.#size += text.length;
  }

  /** Tells whoever waits for a message that it is kept here, which is as safe as it gets. */
  settleAll(): void {
    for (let i = this.#head; i < this.#entries.length; i += 1) settle(this.#entries[i] as Entry);
  }

  // Cutting the array at every take would copy what waits behind it each time.
  #compact(): void {
    if (this.#head === this.#entries.length) this.#entries = [];
    else if (this.#head < MIN_COMPACTED || this.#head * 2 < this.#entries.length) return;
    else this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}

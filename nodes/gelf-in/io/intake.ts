import type { Counts } from '../counts.ts';
import type { Received } from '../document/record.ts';
import type { Reason } from '../refusal.ts';
import type { SharedRoom } from '../shared-room.ts';

/** Where records go. */
export interface Sink {
  /** Whether what was sent in the last turns arrives although the node ends. */
  isDirect(): boolean;
  /** How many may be sent now; where others wait, in the turn in which it resolves. */
  perTurn(): number | Promise<number>;
  send(received: Received, sender: string): void;
}

export interface IntakeOptions {
  readonly counts: Counts;
  /** Of what waits and cannot be held back. */
  readonly room: SharedRoom;
  /** The record of a document. `nowMs`: the wall clock. */
  read(text: string, sender: string, nowMs: number): Received | Reason;
}

interface Waiting {
  readonly frame: Buffer;
  readonly sender: string;
  /** What it takes of the room, in bytes; 0 where its sender waits for it. */
  readonly bytes: number;
}

/** The queue is cut in front when so many of its places are empty. */
const EMPTY_PLACES = 1_024;
/** In so many turns a msg gets from one node to the next, and from there to another. */
const TURNS_UNDER_WAY = 3;

/**
 * Frames on their way to the flow, in order. They are documents only when they go on: what waits is bytes. While nobody is
 * there to take them, between the end of a node and its next beginning, they wait.
 */
export class Intake {
  readonly #options: IntakeOptions;
  #queue: (Waiting | undefined)[] = [];
  #head = 0;
  /** How many frames were taken in, and handed on, since the start. */
  #taken = 0;
  #handed = 0;
  /** What was handed on in the last turns, in batches. */
  #recent: Waiting[][] = [];
  readonly #marks: { mark: number; resolve: () => void }[] = [];
  #sink: Sink | undefined;
  #isRunning = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Frames that wait. */
  get waiting(): number {
    return this.#taken - this.#handed;
  }

  attach(sink: Sink): void {
    this.#sink = sink;
    this.#start();
  }

  /** What may still be between two nodes, where a Deploy drops it, is handed on again: rather twice than not at all. */
  detach(): void {
    if (this.#sink?.isDirect() === false) this.#takeBack();
    this.#recent = [];
    this.#sink = undefined;
  }

  #takeBack(): void {
    const again = this.#recent.flat().map((waiting) => ({ ...waiting, bytes: 0 }));
    this.#queue = [...again, ...this.#queue.slice(this.#head)];
    this.#head = 0;
    this.#handed -= again.length;
    this.#options.counts.received -= again.length;
  }

  /** Takes a frame of a sender that nothing can hold back. What has no room is counted as dropped. */
  offer(frame: Buffer, sender: string): void {
    const { room, counts } = this.#options;
    if (!room.take(sender, frame.length)) counts.drop('full', sender);
    else this.#enqueue({ frame, sender, bytes: frame.length });
  }

  /** Takes frames of a sender that waits until they are handed on. */
  async take(frames: readonly Buffer[], sender: string): Promise<void> {
    if (frames.length === 0) return;
    for (const frame of frames) this.#enqueue({ frame, sender, bytes: 0 });
    const mark = this.#taken;
    if (this.#handed >= mark) return;
    await new Promise<void>((resolve) => this.#marks.push({ mark, resolve }));
  }

  #enqueue(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.#taken += 1;
    this.#start();
  }

  #start(): void {
    if (!this.#isRunning && this.waiting > 0 && this.#sink !== undefined) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.waiting > 0 && this.#sink !== undefined) {
      const sink: Sink = this.#sink;
      const answer = sink.perTurn();
      const count = typeof answer === 'number' ? answer : await answer;
      // The node may have ended meanwhile.
      if (this.#sink === sink) this.#handOn(sink, count);
    }
    this.#isRunning = false;
  }

  #handOn(sink: Sink, count: number): void {
    const { counts, room, read } = this.#options;
    const nowMs = Date.now();
    const batch: Waiting[] = [];
    for (let n = Math.min(count, this.waiting); n > 0; n -= 1) {
      const waiting = this.#next();
      const { frame, sender, bytes } = waiting;
      room.release(sender, bytes);
      const received = read(frame.toString(), sender, nowMs);
      if (typeof received === 'string') counts.drop(received, sender);
      else {
        counts.received += 1;
        if (received.isTimeless) counts.noteTimeless(sender);
        batch.push(waiting);
        sink.send(received, sender);
      }
    }
    this.#recent.push(batch);
    if (this.#recent.length > TURNS_UNDER_WAY) this.#recent.shift();
    while ((this.#marks[0]?.mark ?? Number.POSITIVE_INFINITY) <= this.#handed) this.#marks.shift()?.resolve();
  }

  #next(): Waiting {
    const waiting = this.#queue[this.#head] as Waiting;
    this.#queue[this.#head] = undefined;
    this.#head += 1;
    this.#handed += 1;
    if (this.#head >= EMPTY_PLACES && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return waiting;
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Counts } from '../counts.ts';
import type { Received } from '../document/record.ts';
import type { Reason } from '../refusal.ts';
import { KEPT_BYTES, type SharedRoom } from '../shared-room.ts';
import type { Unpacked } from './unpack.ts';

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
  /** Calls `use` with what a datagram becomes, now or later. */
  unpack(datagram: Buffer, sender: string, use: (unpacked: Unpacked) => void): void;
  /** The record of a document. `nowMs`: the wall clock. */
  read(text: string, sender: string, nowMs: number): Received | Reason;
}

interface Waiting {
  readonly frame: Buffer;
  readonly sender: string;
  /** What it takes of the room, in bytes; 0 where its sender waits for it. */
  readonly bytes: number;
  readonly mayBePacked: boolean;
}

/** The queue is cut in front when so many of its places are empty. */
const EMPTY_PLACES = 1_024;
/** What Node reads of a socket of UDP in a turn: where that much came there is more. */
const FULL_TURN = 32;
/** So many turns may only read. */
const READING_TURNS = 16;
/** From this share of the room on what waits goes on first. */
const READING_SHARE = 1 / 2;
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
  /** Datagrams that were read since it was looked at last. */
  #readInTurn = 0;

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

  /** A datagram was read: where many were, the socket has more of them, and what it has no room for is lost. */
  noteRead(): void {
    this.#readInTurn += 1;
  }

  /** Takes a message of a sender that nothing can hold back, packed or not. What has no room is counted as dropped. */
  offer(frame: Buffer, sender: string, mayBePacked = true): void {
    const { room, counts } = this.#options;
    const bytes = frame.length + KEPT_BYTES;
    if (!room.take(sender, bytes)) counts.drop('full', sender);
    else this.#enqueue({ frame, sender, bytes, mayBePacked });
  }

  /** Takes frames of a sender that waits until they are handed on. */
  async take(frames: readonly Buffer[], sender: string): Promise<void> {
    if (frames.length === 0) return;
    for (const frame of frames) this.#enqueue({ frame, sender, bytes: 0, mayBePacked: false });
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
      if (this.#readInTurn >= FULL_TURN) await this.#readOn();
      this.#readInTurn = 0;
      const sink: Sink | undefined = this.#sink;
      if (sink === undefined) break;
      const answer = sink.perTurn();
      const count = typeof answer === 'number' ? answer : await answer;
      // The node may have ended meanwhile.
      if (this.#sink === sink) this.#handOn(sink, count);
    }
    this.#isRunning = false;
  }

  /** A burst is read before it is looked at: reading takes a third of the time that the rest takes. */
  async #readOn(): Promise<void> {
    for (let turn = 0; turn < READING_TURNS && this.#readInTurn >= FULL_TURN; turn += 1) {
      if (this.#options.room.share >= READING_SHARE) return;
      this.#readInTurn = 0;
      await nextTurn();
    }
  }

  #handOn(sink: Sink, count: number): void {
    const { counts, room, read } = this.#options;
    const nowMs = Date.now();
    const batch: Waiting[] = [];
    for (let n = Math.min(count, this.waiting); n > 0; n -= 1) {
      const waiting = this.#next();
      const { frame, sender, bytes, mayBePacked } = waiting;
      room.release(sender, bytes);
      const text = mayBePacked ? this.#unpack(frame, sender) : frame.toString();
      if (text === undefined) continue;
      const received = read(text, sender, nowMs);
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

  /** The text of a message; undefined where there is none, or where it comes again when it is unpacked. */
  #unpack(frame: Buffer, sender: string): string | undefined {
    let text: string | undefined;
    let isNow = true;
    this.#options.unpack(frame, sender, (unpacked) => {
      if (typeof unpacked === 'string') this.#options.counts.drop(unpacked, sender);
      else if (isNow) text = unpacked.toString();
      else this.offer(unpacked, sender, false);
    });
    isNow = false;
    return text;
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

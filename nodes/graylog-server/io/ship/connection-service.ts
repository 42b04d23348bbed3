import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WakeableWait } from '../../../../lib/io/wait.ts';
import type { Counters } from '../../delivery-state.ts';
import { type Entry, keysOf, settle } from '../buffer/queue.ts';
import type { RecordBuffer } from '../buffer/record-buffer.ts';
import type { SendResult } from '../transports/transport.ts';
import type { Failover, Opened } from './failover.ts';
import type { FramePool } from './frame-pool.ts';
import type { ReplayWindow } from './replay-window.ts';

/** What a shipper shares with the service of each of its connections. */
export interface ServiceContext {
  readonly buffer: RecordBuffer;
  readonly frames: FramePool;
  readonly replay: ReplayWindow;
  readonly counters: Counters;
  readonly failover: Failover;
  /** Ends when a message comes in, when the connection is lost, and when the shipper closes. */
  readonly idle: WakeableWait;
  /** How long the replay window holds what was sent, in ms. */
  readonly replayMs: number;
  /** Whether the shipper closes, and has sent what it could. */
  isFlushed(): boolean;
  /** Hears that the server at this endpoint takes records. */
  onServing(name: string): void;
  /** Hears that a batch was sent, or came back to the buffer. */
  onBatch(): void;
}

/** Why a connection serves no longer. */
export interface ServiceEnd {
  /** The connection was lost. */
  readonly error?: unknown;
  /** A better one is open. */
  readonly next?: Opened | undefined;
  /** It held long enough, or took enough, to be a sign that the server is well. */
  readonly wasGood: boolean;
}

const BATCH_SIZE = 65_536;
/** A batch grows for at most 2 ms, and only while each turn of the event loop adds something. */
const GATHER_MS = 2;
const NO_FRAME = Buffer.alloc(0);
/** A connection that held for so long after a failure counts as back; before, it may be a server that hangs up on us. */
const HELD_MS = 1_000;
/** So many messages over one connection count as well. */
const GOOD_MESSAGES = 1_000;
/** A batch that took longer waited for the peer. */
const SLOW_MS = 50;

/** Sends what the buffer holds over one connection, until that is lost, the shipper closes or a better one is open. */
export class ConnectionService {
  readonly #context: ServiceContext;
  readonly #connection: Opened;
  /** Aborts when no better connection is looked for any more. */
  readonly #search = new AbortController();
  readonly #openedMs = performance.now();
  #sent = 0;
  #error: unknown;
  #next: Opened | undefined;

  constructor(connection: Opened, context: ServiceContext) {
    this.#connection = connection;
    this.#context = context;
  }

  /** Serves until the end. After a failure a connection that confirms nothing counts as back once it has held for a while. */
  async run(afterFailure: boolean): Promise<ServiceEnd> {
    const { transport, index } = this.#connection;
    const { failover, idle } = this.#context;
    transport.lost.addEventListener('abort', () => idle.wake(), { once: true });
    if (!afterFailure) this.#serving();
    const held = afterFailure && transport.unconfirmed ? setTimeout(() => this.#serving(), HELD_MS) : undefined;
    failover.lookForBetter(index, (next) => this.#foundBetter(next), this.#search.signal);
    while (!this.#isOver) await this.#sendNext();
    clearTimeout(held);
    this.#search.abort();
    await this.#closeConnection();
    return { error: this.#lossError, next: this.#next, wasGood: this.#wasGood };
  }

  /** Ends a connection whose server takes or answers nothing. */
  abort(): void {
    void this.#connection.transport.close();
  }

  /** The transport's own word says best why; that of the batch is there earlier. */
  get #lossError(): unknown {
    const { lost } = this.#connection.transport;
    return lost.aborted ? lost.reason : this.#error;
  }

  get #isOver(): boolean {
    return this.#lossError !== undefined || this.#next !== undefined || this.#context.isFlushed();
  }

  get #wasGood(): boolean {
    return this.#sent > GOOD_MESSAGES || (this.#sent > 0 && performance.now() - this.#openedMs > HELD_MS);
  }

  #serving(): void {
    if (this.#lossError === undefined) this.#context.onServing(this.#connection.name);
  }

  #foundBetter(next: Opened): void {
    this.#next = next;
    this.#search.abort();
    this.#context.idle.wake();
  }

  async #sendNext(): Promise<void> {
    const { buffer, replay, idle, replayMs } = this.#context;
    await this.#gather();
    const batch = await buffer.dequeueBatch(BATCH_SIZE);
    if (batch.length > 0) {
      await this.#sendBatch(batch);
      return;
    }
    buffer.releaseBatches(replay.expire(performance.now()));
    // Between that answer and now something may have come, and nobody would wake us for it.
    if (buffer.length > 0 || this.#isOver) return;
    await idle.for(replay.size > 0 ? replayMs : undefined);
  }

  /** Sources hand on a few msgs in every turn of the event loop: sent at once, each turn would be a write. */
  async #gather(): Promise<void> {
    const { buffer } = this.#context;
    const untilMs = performance.now() + GATHER_MS;
    for (let before = 0; buffer.length > before && buffer.memorySize < BATCH_SIZE; ) {
      before = buffer.length;
      await nextTurn();
      if (performance.now() > untilMs) return;
    }
  }

  /** Sends one batch. What did not leave goes back to the front of the buffer. */
  async #sendBatch(batch: readonly Entry[]): Promise<void> {
    const { buffer, frames, replay, counters, onBatch } = this.#context;
    const { transport } = this.#connection;
    const startedMs = performance.now();
    const texts = batch.map(({ text }) => text);
    const frame = transport.unconfirmed ? frames.frameOf(texts) : NO_FRAME;
    const result = await transport.send({ texts, frame });
    const sent = result.sent === batch.length ? batch : batch.slice(0, result.sent);
    if (sent !== batch) this.#takeBack(batch.slice(result.sent), result);
    for (const entry of sent) settle(entry);
    counters.sent += sent.length;
    this.#sent += sent.length;
    const nowMs = performance.now();
    if (nowMs - startedMs > SLOW_MS) replay.pauseAging(nowMs);
    buffer.releaseBatches(transport.unconfirmed ? replay.keep(sent, frame, nowMs) : keysOf(sent));
    onBatch();
    if (sent.length > 0 && !transport.unconfirmed) this.#serving();
  }

  /** Takes back the messages that did not leave, but for the first where the endpoint can never take it. */
  #takeBack(rest: Entry[], { refusal, failure }: SendResult): void {
    const { buffer, counters } = this.#context;
    if (refusal === undefined) {
      this.#error = failure;
      counters.retried += rest.length;
    } else {
      counters.dropped += 1;
      const refused = rest.shift();
      if (refused !== undefined) {
        settle(refused, asError(refusal));
        buffer.releaseBatches(keysOf([refused]));
      }
    }
    buffer.putBack(rest);
  }

  async #closeConnection(): Promise<void> {
    const { buffer, replay, counters } = this.#context;
    const isRead = await this.#connection.transport.close();
    // A connection that was closed in good order has handed over everything: nothing of it is sent again.
    const unconfirmed = replay.takeUnconfirmed();
    if (this.#lossError === undefined && isRead) {
      buffer.releaseBatches(keysOf(unconfirmed));
    } else {
      counters.retried += unconfirmed.length;
      buffer.putBack(unconfirmed);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBackoff } from '../../../../lib/backoff.ts';
import { reason } from '../../../../lib/errors.ts';
import { type Done, type Entry, keysOf, settle } from '../buffer/queue.ts';
import { type BufferOptions, RecordBuffer } from '../buffer/record-buffer.ts';
import { DeliveryError, type Transport } from '../transports/transport.ts';
import { type ConnectorOptions, lookForBetter, type Opened, openFirst } from './failover.ts';
import { FramePool } from './frame-pool.ts';
import { ReplayWindow } from './replay-window.ts';
import { WakeableSleep } from './wakeable-sleep.ts';

export interface ShipperOptions extends ConnectorOptions {
  buffer: Omit<BufferOptions, 'onDropped' | 'onFound'>;
  replaySize: number;
  replayMs: number;
  /** How long closing may go on sending, in ms. */
  flushMs: number;
  onState(state: ShipperState): void;
  onPressure(full: boolean): void;
}

export interface ShipperState {
  state: 'connecting' | 'connected' | 'away';
  /** The endpoint in use, or the one tried last. */
  endpoint: string;
  reason?: string;
}

export interface Counters {
  received: number;
  sent: number;
  dropped: number;
  retried: number;
}

/** Why a connection serves no longer; neither when the shipper closes. */
interface ServiceEnd {
  lost?: Error | undefined;
  next?: Opened;
}

const BATCH_SIZE = 65_536;
/** So long, in ms, a batch may go on growing: as long as more comes in every turn of the event loop, and no turn longer. */
const GATHER_MS = 2;
const NO_FRAME = Buffer.alloc(0);
/** A connection that held for so long after a failure counts as back; before, it may be a server that hangs up on us. */
const HELD_MS = 1_000;
/** A batch that took longer waited for the peer. */
const SLOW_MS = 50;
const NOT_YET_MS = 100;
const FULL = 0.8;
const ROOMY = 0.5;

/** Sends what it is offered, in order, to the first endpoint that takes it. One shipper serves one port. */
export class Shipper {
  readonly counters: Counters = { received: 0, sent: 0, dropped: 0, retried: 0 };
  readonly #options: ShipperOptions;
  readonly #buffer: RecordBuffer;
  readonly #frames = new FramePool();
  readonly #replay: ReplayWindow;
  readonly #backoff = createBackoff();
  readonly #waker = new WakeableSleep();
  #state: ShipperState = { state: 'connecting', endpoint: '' };
  #pressed = false;
  #closing = false;
  #flushUntilMs = Number.POSITIVE_INFINITY;
  #transport: Transport | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#replay = new ReplayWindow(options.replaySize, options.replayMs, (frame) => this.#frames.recycle(frame));
    const onDropped = (count: number): void => {
      this.counters.dropped += count;
    };
    this.#buffer = new RecordBuffer({ ...options.buffer, onDropped, onFound: () => this.#waker.wake() });
  }

  get state(): ShipperState {
    return this.#state;
  }

  get buffered(): number {
    return this.#buffer.length;
  }

  /** Age in ms of the oldest message that waits. */
  get lagMs(): number {
    const oldest = this.#buffer.oldestMs;
    return oldest === undefined ? 0 : Math.round(performance.now() - oldest);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Takes one GELF document. `done` is called once: when it was sent, or is kept for a server that is away. */
  offer(text: string, done: Done): void {
    if (this.#closing) {
      done(new Error('closed'));
      return;
    }
    this.counters.received += 1;
    this.#buffer.enqueue(text, done);
    this.#press();
    // Not in this turn: what other nodes hand over in the same turn goes into the same batch.
    this.#waker.wakeAfterTurn();
  }

  /** Sends what it can within `flushMs` and keeps the rest on disk. Resolves to the number of messages lost. */
  async close(): Promise<number> {
    this.#closing = true;
    this.#flushUntilMs = performance.now() + this.#options.flushMs;
    this.#waker.end();
    // A server that takes or answers nothing would hold the close up for as long as a stall may last.
    const abort = setTimeout(() => void this.#transport?.close(), this.#options.flushMs);
    await this.#running;
    clearTimeout(abort);
    const lost = await this.#buffer.close();
    this.counters.dropped += lost;
    return lost;
  }

  async #run(): Promise<void> {
    let opened: Opened | undefined;
    let failed = false;
    await this.#buffer.open();
    while (!this.#closing) {
      opened ??= await this.#open();
      if (opened === undefined) {
        failed ||= this.#state.state === 'away';
        await this.#waker.sleep(failed ? this.#backoff.next() : NOT_YET_MS);
        continue;
      }
      const { name } = opened;
      const end = await this.#serve(opened, failed);
      opened = end.next;
      failed = end.lost !== undefined;
      if (end.lost === undefined) continue;
      this.#setAway(name, reason(end.lost));
      await this.#waker.sleep(this.#backoff.next());
    }
    await opened?.transport.close();
  }

  async #open(): Promise<Opened | undefined> {
    const { opened, fault } = await openFirst(this.#options);
    if (fault !== undefined) this.#setAway(fault.name, fault.why);
    return opened;
  }

  /** Sends over one connection until it is lost, the shipper closes or a better connection is there. */
  async #serve({ transport, index, name }: Opened, afterFailure: boolean): Promise<ServiceEnd> {
    const end: ServiceEnd = {};
    this.#transport = transport;
    let sent = 0;
    const openedMs = performance.now();
    void transport.lost.then((error) => {
      end.lost = error;
      this.#waker.wake();
    });
    const held = (): void => {
      if (end.lost === undefined) this.#set({ state: 'connected', endpoint: name });
    };
    if (!afterFailure) held();
    const timer = afterFailure && transport.unconfirmed ? setTimeout(held, HELD_MS) : undefined;
    const stopLooking = lookForBetter(this.#options, index, (next) => {
      end.next = next;
      this.#waker.wake();
    });
    while (end.lost === undefined && end.next === undefined && !this.#flushed) {
      await this.#gather();
      const batch = await this.#buffer.dequeueBatch(BATCH_SIZE);
      if (batch.length === 0) {
        this.#buffer.releaseBatches(this.#replay.expire(performance.now()));
        // Between that answer and now something may have come, and nobody would wake us for it.
        if (this.#flushed || this.#buffer.length > 0 || end.lost !== undefined || end.next !== undefined) continue;
        await this.#waker.idle(this.#replay.size > 0 ? this.#options.replayMs : 0);
        continue;
      }
      const { left, failure } = await this.#deliver(transport, batch);
      sent += left;
      // Not left to the transport's own word, which comes in a later turn: until then the batch would be tried for ever.
      end.lost ??= failure;
      if (left > 0 && !transport.unconfirmed) held();
    }
    clearTimeout(timer);
    stopLooking();
    if (sent > 1_000 || (sent > 0 && performance.now() - openedMs > HELD_MS)) this.#backoff.reset();
    const isRead = await transport.close();
    // A connection that was closed in good order has handed over everything: nothing of it is sent again.
    const again = this.#replay.takeUnconfirmed();
    if (end.lost === undefined && isRead) {
      this.#buffer.releaseBatches(keysOf(again));
    } else {
      this.counters.retried += again.length;
      this.#buffer.putBack(again);
    }
    return end;
  }

  /** Sources hand on a few msgs in every turn of the event loop: sent at once, each turn would be a write. */
  async #gather(): Promise<void> {
    const untilMs = performance.now() + GATHER_MS;
    for (let before = 0; this.#buffer.length > before && this.#buffer.memorySize < BATCH_SIZE; ) {
      before = this.#buffer.length;
      await nextTurn();
      if (performance.now() > untilMs) return;
    }
  }

  /** Sends one batch and tells how many of it left; what did not goes back to the front of the buffer. */
  async #deliver(transport: Transport, batch: Entry[]): Promise<{ left: number; failure: Error | undefined }> {
    let left = batch;
    let failure: Error | undefined;
    const startedMs = performance.now();
    const texts = batch.map(({ text }) => text);
    const frame = transport.unconfirmed ? this.#frames.frameOf(texts) : NO_FRAME;
    try {
      await transport.send({ texts, frame });
    } catch (error) {
      const partial = error instanceof DeliveryError ? error : new DeliveryError(reason(error), 0);
      left = batch.slice(0, partial.delivered);
      const rest = batch.slice(partial.delivered);
      if (partial.rejected) {
        this.counters.dropped += 1;
        const rejected = rest.shift();
        if (rejected !== undefined) {
          settle(rejected, partial);
          this.#buffer.releaseBatches(keysOf([rejected]));
        }
      } else {
        failure = partial;
        this.counters.retried += rest.length;
      }
      this.#buffer.putBack(rest);
    }
    for (const entry of left) settle(entry);
    this.counters.sent += left.length;
    const nowMs = performance.now();
    if (nowMs - startedMs > SLOW_MS) this.#replay.pauseAging(nowMs);
    this.#buffer.releaseBatches(transport.unconfirmed ? this.#replay.keep(left, frame, nowMs) : keysOf(left));
    this.#press();
    return { left: left.length, failure };
  }

  #press(): void {
    const { fillLevel: share } = this.#buffer;
    const pressed = this.#pressed ? share > ROOMY : share > FULL;
    if (pressed === this.#pressed) return;
    this.#pressed = pressed;
    this.#options.onPressure(pressed);
  }

  #set(state: ShipperState): void {
    if (state.state === 'connected') this.#buffer.setAway(false);
    const { state: before, endpoint, reason: why } = this.#state;
    this.#state = state;
    if (before !== state.state || endpoint !== state.endpoint || why !== state.reason) this.#options.onState(state);
  }

  #setAway(endpoint: string, why: string): void {
    this.#set({ state: 'away', endpoint, reason: why });
    this.#buffer.setAway(true);
  }

  get #flushed(): boolean {
    return this.#closing && (this.#buffer.length === 0 || performance.now() > this.#flushUntilMs);
  }
}

import { performance } from 'node:perf_hooks';
import { Backoff } from '../../../../lib/backoff.ts';
import { MonitoringError } from '../../../../lib/errors.ts';
import { WakeableWait, wait } from '../../../../lib/io/wait.ts';
import { type Counters, noCounts } from '../../delivery-state.ts';
import { isSameState, type ShipperState } from '../../shipper-state.ts';
import type { Done } from '../buffer/queue.ts';
import { type BufferOptions, RecordBuffer } from '../buffer/record-buffer.ts';
import { ConnectionService, type ServiceContext } from './connection-service.ts';
import { Failover, type FailoverOptions, type Opened } from './failover.ts';
import { FramePool } from './frame-pool.ts';
import { ReplayWindow } from './replay-window.ts';

export interface ShipperOptions extends FailoverOptions {
  readonly buffer: Omit<BufferOptions, 'onDropped' | 'onFound' | 'onShare'>;
  /** What the replay window holds at most, in bytes, and for how long, in ms. */
  readonly replaySize: number;
  readonly replayMs: number;
  /** How long closing may go on sending, in ms. */
  readonly flushMs: number;
  onState(state: ShipperState): void;
  onPressure(full: boolean): void;
}

/** The wait before endpoints are asked for again where none is known yet. */
const NOT_YET_MS = 100;
/** A buffer this full presses the sources, and one this roomy lets them go. */
const FULL = 0.8;
const ROOMY = 0.5;

/** Sends what it is offered, in order, to the first endpoint that takes it. One shipper serves one port. */
export class Shipper {
  readonly counters: Counters = noCounts();
  readonly #options: ShipperOptions;
  readonly #buffer: RecordBuffer;
  readonly #failover: Failover;
  readonly #context: ServiceContext;
  readonly #backoff = new Backoff();
  /** Aborts when the shipper closes: it ends every wait and every connect. */
  readonly #closing = new AbortController();
  readonly #idle = new WakeableWait(this.#closing.signal);
  #isWakeDue = false;
  #state: ShipperState = { state: 'connecting', endpoint: '' };
  #isPressing = false;
  #flushUntilMs = Number.POSITIVE_INFINITY;
  #service: ConnectionService | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#failover = new Failover(options);
    this.#buffer = new RecordBuffer({
      ...options.buffer,
      onDropped: (count) => {
        this.counters.dropped += count;
      },
      onFound: () => this.#idle.wake(),
      onShare: () => this.#updatePressure(),
    });
    const frames = new FramePool();
    this.#context = {
      buffer: this.#buffer,
      frames,
      replay: new ReplayWindow(options.replaySize, options.replayMs, (frame) => frames.recycle(frame)),
      counters: this.counters,
      failover: this.#failover,
      idle: this.#idle,
      replayMs: options.replayMs,
      isFlushed: () => this.#isFlushed,
      onServing: (endpoint) => this.#setState({ state: 'connected', endpoint }),
      onBatch: () => this.#updatePressure(),
    };
  }

  get state(): ShipperState {
    return this.#state;
  }

  get buffered(): number {
    return this.#buffer.waiting;
  }

  /** Age in ms of the oldest message that waits. */
  get lagMs(): number {
    const oldest = this.#buffer.oldestMs;
    return oldest === undefined ? 0 : Math.round(performance.now() - oldest);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Takes one GELF document. `done` is called once: when it was sent or is kept, or with an error if it never will be. */
  offer(text: string, done: Done): void {
    if (this.#closing.signal.aborted) {
      done(new MonitoringError('CLOSED'));
      return;
    }
    this.counters.received += 1;
    this.#buffer.enqueue(text, done);
    this.#updatePressure();
    this.#wakeAfterTurn();
  }

  /** Sends what it can within `flushMs` and keeps the rest on disk. Resolves to the number of messages lost. */
  async close(): Promise<number> {
    this.#flushUntilMs = performance.now() + this.#options.flushMs;
    this.#closing.abort();
    // A server that takes or answers nothing would hold the close up for as long as a stall may last.
    const deadline = setTimeout(() => this.#service?.abort(), this.#options.flushMs);
    await this.#running;
    clearTimeout(deadline);
    const lost = await this.#buffer.close();
    this.counters.dropped += lost;
    return lost;
  }

  get #isFlushed(): boolean {
    if (!this.#closing.signal.aborted) return false;
    return this.#buffer.length === 0 || performance.now() > this.#flushUntilMs;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let opened: Opened | undefined;
    let hasFailed = false;
    await this.#buffer.open();
    while (!signal.aborted) {
      opened ??= await this.#openConnection();
      if (opened === undefined) {
        hasFailed ||= this.#state.state === 'away';
        await wait(hasFailed ? this.#backoff.next() : NOT_YET_MS, signal);
        continue;
      }
      this.#service = new ConnectionService(opened, this.#context);
      const { error, next, wasGood } = await this.#service.run(hasFailed);
      this.#service = undefined;
      if (wasGood) this.#backoff.reset();
      hasFailed = error !== undefined;
      if (hasFailed) {
        this.#setAway(opened.name, error);
        await wait(this.#backoff.next(), signal);
      }
      opened = next;
    }
    await opened?.transport.close();
  }

  async #openConnection(): Promise<Opened | undefined> {
    const { opened, fault } = await this.#failover.openFirst(this.#closing.signal);
    if (fault !== undefined) this.#setAway(fault.name, fault.error);
    return opened;
  }

  /** Not in this turn of the event loop: what other nodes hand over in the same turn goes into the same batch. */
  #wakeAfterTurn(): void {
    if (!this.#idle.isWaiting || this.#isWakeDue) return;
    this.#isWakeDue = true;
    setImmediate(() => {
      this.#isWakeDue = false;
      this.#idle.wake();
    });
  }

  #updatePressure(): void {
    const { fillLevel } = this.#buffer;
    const isPressing = this.#isPressing ? fillLevel > ROOMY : fillLevel > FULL;
    if (isPressing === this.#isPressing) return;
    this.#isPressing = isPressing;
    this.#options.onPressure(isPressing);
  }

  #setState(state: ShipperState): void {
    if (state.state === 'connected') this.#buffer.setAway(false);
    const before = this.#state;
    this.#state = state;
    if (!isSameState(before, state)) this.#options.onState(state);
  }

  #setAway(endpoint: string, error: unknown): void {
    this.#setState({ state: 'away', endpoint, error });
    this.#buffer.setAway(true);
  }
}

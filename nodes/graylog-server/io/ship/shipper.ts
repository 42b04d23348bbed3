import { performance } from 'node:perf_hooks';
import { Backoff } from '../../../../lib/backoff.ts';
import { MonitoringError } from '../../../../lib/errors.ts';
import { WakeableWait, wait } from '../../../../lib/io/wait.ts';
import { ConfirmPace } from '../../confirm-pace.ts';
import { type Counters, noCounts } from '../../delivery-state.ts';
import { isSameState, type ShipperState } from '../../shipper-state.ts';
import { Watermarks } from '../../watermarks.ts';
import { SEPARATOR } from '../buffer/batch-key.ts';
import type { Done } from '../buffer/queue.ts';
import { type BufferOptions, RecordBuffer } from '../buffer/record-buffer.ts';
import { Failover, type FailoverOptions, type Opened } from './failover.ts';
import { FramePool } from './frame-pool.ts';
import { Keeper } from './keeper.ts';
import { ReplayWindow } from './replay-window.ts';
import { Session } from './session.ts';
import type { SessionContext } from './session-context.ts';

export interface ShipperOptions extends FailoverOptions {
  readonly buffer: Omit<BufferOptions, 'onDropped' | 'onFound' | 'onShare' | 'frames'>;
  /** What the replay window holds at most, in bytes, and for how long, in ms. */
  readonly replaySize: number;
  readonly replayMs: number;
  /** How soon a peer that confirms at the end of a connection must confirm, in ms; 0 is never. */
  readonly confirmMs: number;
  /** How long a message may be on its way in memory alone, in ms. */
  readonly keepAfterMs: number;
  /** How often an earlier endpoint is looked for while a later one serves, in ms. */
  readonly returnMs: number;
  /** A new connection every so many ms, for load balancers; 0 is never. */
  readonly renewMs: number;
  /**
   * The longest wait before the first attempt to connect again, in ms. A receiver that comes back meets all of its hosts: how
   * soon each of them is there is left to chance, from the first attempt on.
   */
  readonly firstWaitMs: number;
  /** How long closing may take to send what waits and to have it confirmed, in ms. */
  readonly flushMs: number;
  onState(state: ShipperState): void;
  onPressure(full: boolean): void;
}

/** The wait before endpoints are asked for again where none is known yet. */
const NOT_YET_MS = 100;
const LONGEST_WAIT_MS = 30_000;
const LEAST_WAIT_MS = 100;
/** After so many bytes the peer must confirm, however soon that is. */
const CONFIRM_BYTES = 4_194_304;
const BATCH_BYTES = 65_536;
const SETTLE_LOOK_MS = 10;
/** What goes out within a moment: some tens of ms, where the peer reads as fast as files are read. */
const BUSY_BYTES = 1_048_576;
/** Of the time for closing, the part in which more is sent: the rest is for the peer to confirm. */
const FLUSH_SHARE = 2 / 3;

/** Sends what it is offered, in order, to the first endpoint that takes it. One shipper serves one port. */
export class Shipper {
  readonly counters: Counters = noCounts();
  readonly #options: ShipperOptions;
  readonly #buffer: RecordBuffer;
  readonly #failover: Failover;
  readonly #context: SessionContext;
  readonly #keeper: Keeper;
  readonly #backoff: Backoff;
  readonly #watermarks: Watermarks;
  /** Aborts when the shipper closes: it ends every wait and every connect. */
  readonly #closing = new AbortController();
  /** Aborts when the time for closing is up: it ends every connection. */
  readonly #deadline = new AbortController();
  readonly #idle = new WakeableWait(this.#closing.signal);
  #isWakeDue = false;
  #state: ShipperState = { state: 'connecting', endpoint: '' };
  #flushUntilMs = Number.POSITIVE_INFINITY;
  #session: Session | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.firstWaitMs, LONGEST_WAIT_MS, Math.random, LEAST_WAIT_MS);
    this.#failover = new Failover(options);
    const frames = new FramePool();
    this.#buffer = new RecordBuffer({
      ...options.buffer,
      frames,
      onDropped: (count) => {
        this.counters.dropped += count;
      },
      onFound: () => this.#idle.wake(),
      onShare: () => this.#watermarks.look(),
    });
    this.#watermarks = new Watermarks(() => this.#buffer.fillLevel, options.onPressure.bind(options));
    this.#keeper = new Keeper({
      batches: () => this.#session?.batches ?? [],
      keep: (batches) => this.#buffer.keepUnconfirmed(batches),
      release: (keys) => this.#buffer.releaseBatches(keys),
      afterMs: options.keepAfterMs,
    });
    this.#context = {
      buffer: this.#buffer,
      frames,
      replay: new ReplayWindow(options.replaySize, options.replayMs, (frame) => frames.recycle(frame)),
      counters: this.counters,
      failover: this.#failover,
      pace: new ConfirmPace(options.confirmMs, CONFIRM_BYTES, BATCH_BYTES),
      idle: this.#idle,
      replayMs: options.replayMs,
      returnMs: options.returnMs,
      renewMs: options.renewMs,
      closing: this.#closing.signal,
      deadline: this.#deadline.signal,
      isFlushed: () => this.#isFlushed,
      onServing: (endpoint) => this.#setState({ state: 'connected', endpoint }),
      onAway: (endpoint, error) => this.#setAway(endpoint, error),
      onSent: () => this.#keeper.schedule(),
      onBatch: () => this.#watermarks.look(),
    };
  }

  get state(): ShipperState {
    return this.#state;
  }

  /** Messages that wait, or are on their way and not confirmed. */
  get buffered(): number {
    const unconfirmed = this.#session?.batches.reduce((sum, { count }) => sum + count, 0) ?? 0;
    return this.#buffer.waiting + unconfirmed;
  }

  /** Whether more waits in memory than goes out in a moment. */
  get isBusy(): boolean {
    return this.#state.state === 'connected' && this.#buffer.memorySize > BUSY_BYTES;
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
    this.offerAll(text + SEPARATOR, 1, done);
  }

  /** Takes `count` documents, each followed by a NUL. `done` is called once for each of them. */
  offerAll(documents: string | Buffer, count: number, done: Done): void {
    if (this.#closing.signal.aborted) {
      for (const one of documents.toString().split(SEPARATOR, count)) done(new MonitoringError('CLOSED'), one);
      return;
    }
    this.counters.received += count;
    this.#buffer.enqueueAll(documents, count, done);
    this.#watermarks.look();
    this.#wakeAfterTurn();
  }

  /** Resolves once everything that was offered by now is confirmed or on disk, or the shipper closes, which keeps it. */
  async settle(): Promise<void> {
    const { signal } = this.#closing;
    const nowMs = performance.now();
    const isInMemory = (): boolean => (this.#buffer.oldestInMemoryMs ?? Number.POSITIVE_INFINITY) <= nowMs;
    const isUnderWay = (): boolean =>
      this.#session?.isTrying === true ||
      this.#session?.batches.some(({ isAwaited, atMs }) => isAwaited && atMs <= nowMs) === true;
    while (!signal.aborted && (isInMemory() || isUnderWay())) {
      if (!isInMemory()) await this.#keeper.keepBefore(nowMs);
      if (isInMemory() || isUnderWay()) await wait(SETTLE_LOOK_MS, signal);
    }
  }

  /**
   * Sends what it can within `flushMs`, and keeps on disk what is not sent or not confirmed then. Resolves to the number of
   * messages lost.
   */
  async close(): Promise<number> {
    const { flushMs } = this.#options;
    this.#flushUntilMs = performance.now() + flushMs * FLUSH_SHARE;
    this.#closing.abort();
    const deadline = setTimeout(() => this.#deadline.abort(), flushMs);
    await this.#running;
    clearTimeout(deadline);
    this.#keeper.close();
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
    let hasFailed = false;
    await this.#buffer.open();
    while (!signal.aborted) {
      const opened = await this.#openConnection();
      if (opened === undefined) {
        hasFailed ||= this.#state.state === 'away';
        await wait(hasFailed ? this.#backoff.next() : NOT_YET_MS, signal);
        continue;
      }
      this.#session = new Session(opened, this.#context);
      const { error, name, hasDelivered } = await this.#session.run(hasFailed);
      this.#session = undefined;
      if (hasDelivered) this.#backoff.reset();
      hasFailed = true;
      if (signal.aborted) break;
      this.#setAway(name, error);
      await wait(this.#backoff.next(), signal);
    }
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

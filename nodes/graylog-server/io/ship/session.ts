import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MonitoringError } from '../../../../lib/errors.ts';
import { type WakeableWait, wait } from '../../../../lib/io/wait.ts';
import type { ConfirmPace } from '../../confirm-pace.ts';
import { DrainRamp } from '../../drain-ramp.ts';
import type { PackedBatch } from '../buffer/packed-batch.ts';
import type { Entry } from '../buffer/queue.ts';
import type { Transport } from '../transports/transport.ts';
import type { Connection, Ledger } from './connection.ts';
import { ConnectionChain } from './connection-chain.ts';
import { EarlierEndpoint } from './earlier-endpoint.ts';
import type { Failover, Opened } from './failover.ts';
import type { ReplayWindow } from './replay-window.ts';
import { SentBatch } from './sent-batch.ts';
import { settleSent } from './settle-sent.ts';

/** What a shipper shares with its sessions. */
export interface SessionContext extends Ledger {
  readonly replay: ReplayWindow;
  readonly failover: Failover;
  readonly pace: ConfirmPace;
  /** Ends when a message comes in, when a connection changes, and when the shipper closes. */
  readonly idle: WakeableWait;
  /** How long the replay window holds what was sent, in ms. */
  readonly replayMs: number;
  /** How often an earlier endpoint is looked for while a later one serves, in ms. */
  readonly returnMs: number;
  /** A new connection every so many ms, for load balancers; 0 is never. */
  readonly renewMs: number;
  /** Aborts when the shipper closes, and when its time for that is up. */
  readonly closing: AbortSignal;
  readonly deadline: AbortSignal;
  /** Whether the shipper closes, and has sent what it could. */
  isFlushed(): boolean;
  /** Hears that the server at this endpoint takes records. */
  onServing(name: string): void;
  /** Hears that it does not any more. */
  onAway(name: string, error: unknown): void;
  /** Hears that something is on its way. */
  onSent(): void;
  /** Hears that a batch was confirmed, or came back to the buffer. */
  onBatch(): void;
}

/** Why a session is over. */
export interface SessionEnd {
  readonly name: string;
  /** The connection was lost, or nothing is confirmed. Undefined when the shipper closes. */
  readonly error: unknown;
  readonly hasDelivered: boolean;
}

const BATCH_SIZE = 65_536;
/** A batch grows for at most 2 ms, and only while each turn of the event loop adds something. */
const GATHER_MS = 2;
const NO_FRAME = Buffer.alloc(0);
/** A connection that held for so long after a failure counts as back; before, it may be a server that hangs up on us. */
const HELD_MS = 1_000;
const MOMENT_MS = 50;
/** A batch that took longer waited for the peer. */
const SLOW_MS = 50;

/** Sends what the buffer holds to a server, until a connection is lost or the shipper closes. */
export class Session {
  readonly #context: SessionContext;
  readonly #chain: ConnectionChain;
  readonly #earlier: EarlierEndpoint;
  /** Ends the search for an earlier endpoint. */
  readonly #search = new AbortController();
  readonly #delivered = new Set<number>();
  #isTrying = false;
  #isServing = false;
  /** Present while what has gathered in an outage is drained. */
  #ramp: DrainRamp | undefined;
  #fault: { readonly error: unknown; readonly index: number; readonly name: string } | undefined;

  constructor(opened: Opened, context: SessionContext) {
    this.#context = context;
    this.#chain = new ConnectionChain(opened, context, {
      onConfirmed: (confirmed) => {
        this.#confirmed(confirmed);
        context.onBatch();
      },
      onFault: ({ index, name }, error) => this.#end(index, name, error),
    });
    this.#earlier = new EarlierEndpoint(context, this.#chain.failure);
  }

  /** Whether a batch is on its way to an earlier endpoint. */
  get isTrying(): boolean {
    return this.#isTrying;
  }

  /** What is on its way, oldest first. */
  get batches(): SentBatch[] {
    return this.#chain.batches;
  }

  /** Serves until the end. After a failure a server counts as back once it has confirmed something. */
  async run(afterFailure: boolean): Promise<SessionEnd> {
    const { deadline, idle, onBatch } = this.#context;
    const late = (): void => this.#chain.fail(this.#chain.current, new MonitoringError('CLOSED'));
    deadline.addEventListener('abort', late, { once: true });
    if (deadline.aborted) late();
    if (afterFailure) this.#ramp = new DrainRamp(performance.now());
    else this.#serving();
    const held = setTimeout(() => this.#held(), HELD_MS);
    void this.#earlier.look(
      () => this.#chain.current.opened.index,
      () => idle.wake(),
      this.#search.signal,
    );
    while (!this.#isOver) await this.#step();
    clearTimeout(held);
    this.#search.abort();
    await Promise.all([this.#chain.finish(), this.#earlier.close()]);
    onBatch();
    deadline.removeEventListener('abort', late);
    return this.#result();
  }

  get #isOver(): boolean {
    if (this.#fault !== undefined || this.#context.isFlushed()) return true;
    return this.#context.closing.aborted && !this.#chain.canSend;
  }

  async #step(): Promise<void> {
    const { buffer, replay, idle, replayMs } = this.#context;
    if (this.#chain.isNextOpen) await this.#switch();
    if (!this.#chain.canSend) {
      await idle.for();
      return;
    }
    await this.#gather();
    if (this.#ramp !== undefined && (await this.#holdBack(this.#ramp))) return;
    const { transport } = this.#chain.current.opened;
    buffer.setPacking(transport.confirms === 'end');
    const packed = this.#earlier.isOpen || transport.confirms !== 'end' ? undefined : buffer.dequeuePacked();
    if (packed !== undefined) {
      this.#ramp?.sent(packed.size);
      await this.#sendPacked(packed);
      return;
    }
    const batch = await buffer.dequeueBatch(BATCH_SIZE);
    if (batch.length > 0) {
      this.#ramp?.sent(batch.reduce((sum, { text }) => sum + text.length, 0));
      if (this.#earlier.isOpen && this.#fault === undefined) await this.#try(batch);
      else await this.#send(batch);
      return;
    }
    buffer.releaseBatches(replay.expire(performance.now()));
    // Between that answer and now something may have come, and nobody would wake us for it.
    if (buffer.length > 0 || this.#isOver || this.#chain.isNextOpen) return;
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

  /** Whether it has waited, a moment at a time: the connection may have failed meanwhile. */
  async #holdBack(ramp: DrainRamp): Promise<boolean> {
    const { closing } = this.#context;
    const waitMs = closing.aborted ? undefined : ramp.waitMs(performance.now());
    if (waitMs === undefined) this.#ramp = undefined;
    else if (waitMs > 0) await wait(Math.min(waitMs, MOMENT_MS), closing);
    return waitMs !== undefined && waitMs > 0;
  }

  async #switch(): Promise<void> {
    await this.#chain.switch();
    if (this.#isServing && this.#fault === undefined) this.#context.onServing(this.#chain.current.opened.name);
  }

  #pack(batch: readonly Entry[], texts: readonly string[], { confirms }: Transport): SentBatch {
    return new SentBatch(batch, confirms === 'batch' ? NO_FRAME : this.#context.frames.frameOf(texts));
  }

  /** Sends one batch. Before it leaves it is on its way: it may take long, and must not be lost then. */
  async #send(batch: readonly Entry[]): Promise<void> {
    const connection = this.#chain.current;
    // A failure may have come while the batch was read.
    if (this.#fault !== undefined || connection.draining !== undefined) {
      this.#context.buffer.putBack(batch);
      return;
    }
    const texts = batch.map(({ text }) => text);
    await this.#dispatch(this.#pack(batch, texts, connection.opened.transport), connection);
  }

  async #sendPacked(packed: PackedBatch): Promise<void> {
    const connection = this.#chain.current;
    const sent = SentBatch.ofPacked(packed, this.#context.frames);
    if (this.#fault !== undefined || connection.draining !== undefined) {
      this.#context.buffer.putBack(sent.takeBack(this.#context.frames));
      return;
    }
    await this.#dispatch(sent, connection);
  }

  async #dispatch(sent: SentBatch, connection: Connection): Promise<void> {
    const { transport } = connection.opened;
    const startedMs = performance.now();
    connection.add(sent);
    this.#context.onSent();
    const result = await transport.send(sent);
    connection.sentMs ??= startedMs;
    const { failure } = result;
    if (this.#chain.isAsked(transport)) {
      if (failure === undefined) sent.forgetTexts();
      this.#chain.arm(connection);
    } else {
      connection.remove(sent);
      const nowMs = performance.now();
      if (nowMs - startedMs > SLOW_MS) this.#context.replay.pauseAging(nowMs);
      settleSent(sent, result, this.#context, transport.confirms === 'batch' ? undefined : this.#context.replay);
      if (transport.confirms === 'batch' && result.sent > 0) this.#confirmed(connection.opened);
      this.#context.onBatch();
    }
    if (failure !== undefined) this.#chain.fail(connection, failure);
  }

  /** Asks an earlier endpoint to deliver a batch. Meanwhile nothing else is sent: the order stays. */
  async #try(batch: readonly Entry[]): Promise<void> {
    const texts = batch.map(({ text }) => text);
    this.#isTrying = true;
    const { opened, isDelivered } = await this.#earlier.deliver((transport) => this.#pack(batch, texts, transport));
    this.#isTrying = false;
    this.#context.onBatch();
    if (!isDelivered) return;
    this.#delivered.add(opened.index);
    this.#context.failover.delivered(opened.index);
    if (this.#chain.isAsked(opened.transport)) void this.#chain.renew(opened.index);
    else this.#chain.offer(opened);
  }

  #confirmed({ index }: Opened): void {
    this.#delivered.add(index);
    this.#context.failover.delivered(index);
    this.#serving();
  }

  #held(): void {
    const { confirms } = this.#chain.current.opened.transport;
    if (confirms !== 'batch' && this.batches.length === 0) this.#serving();
  }

  #serving(): void {
    if (this.#fault !== undefined || this.#isServing) return;
    this.#isServing = true;
    this.#context.onServing(this.#chain.current.opened.name);
  }

  /** The first failure is the one that is said. */
  #end(index: number, name: string, error: unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = { error, index, name };
    if (!this.#context.closing.aborted) this.#context.onAway(name, error);
    this.#context.idle.wake();
  }

  #result(): SessionEnd {
    const { sentMs, opened } = this.#chain.current;
    const hasHeld = sentMs !== undefined && performance.now() - sentMs > HELD_MS;
    const isBelieved = !this.#chain.isAsked(opened.transport) && opened.transport.confirms !== 'batch';
    if (isBelieved && hasHeld) this.#delivered.add(opened.index);
    const { index, name, error } = this.#fault ?? { index: opened.index, name: opened.name, error: undefined };
    if (error !== undefined && !this.#delivered.has(index)) this.#context.failover.failed(index);
    return { name, error, hasDelivered: this.#delivered.has(index) };
  }
}

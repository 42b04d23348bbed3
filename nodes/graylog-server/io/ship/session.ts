import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MonitoringError } from '../../../../lib/errors.ts';
import { type WakeableWait, wait } from '../../../../lib/io/wait.ts';
import type { ConfirmPace } from '../../confirm-pace.ts';
import type { Entry } from '../buffer/queue.ts';
import type { Transport } from '../transports/transport.ts';
import { Connection, type Ledger } from './connection.ts';
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
/** A batch that took longer waited for the peer. */
const SLOW_MS = 50;
/** No more is sent while so many bytes are not confirmed, or so many connections wait for their peer's end. */
const MAX_UNCONFIRMED = 33_554_432;
const MAX_DRAINING = 8;
/** The old connection is asked to end though the next one is not open by then. */
const RENEW_PATIENCE_MS = 1_000;
/** How long a connection that need not confirm may take to end in good order. */
const HANG_UP_MS = 2_000;

/**
 * Sends what the buffer holds to a server, until a connection is lost or the shipper closes. A peer that confirms at the
 * end of a connection gets a new one from time to time, and the old one's end says what it has read; what it does not
 * confirm goes back to the buffer, in order.
 */
export class Session {
  readonly #context: SessionContext;
  /** Aborts at the first failure: every connection ends then. */
  readonly #failure = new AbortController();
  /** Aborts when nothing is opened any more. */
  readonly #active = new AbortController();
  readonly #earlier: EarlierEndpoint;
  readonly #delivered = new Set<number>();
  /** Oldest first; the last is the one that is sent over. */
  #connections: Connection[] = [];
  #current: Connection;
  #next: Opened | undefined;
  #isOpening = false;
  #isRenewDue = false;
  #isServing = false;
  #fault: { readonly error: unknown; readonly index: number; readonly name: string } | undefined;

  constructor(opened: Opened, context: SessionContext) {
    this.#context = context;
    this.#current = new Connection(opened);
    this.#earlier = new EarlierEndpoint(context, this.#failure.signal);
    this.#adopt(this.#current);
  }

  /** What is on its way, oldest first. */
  get batches(): SentBatch[] {
    return this.#connections.flatMap(({ batches }) => batches);
  }

  /** Serves until the end. After a failure a server counts as back once it has confirmed something. */
  async run(afterFailure: boolean): Promise<SessionEnd> {
    const { deadline, renewMs } = this.#context;
    const late = (): void => this.#fail(this.#current, new MonitoringError('CLOSED'));
    deadline.addEventListener('abort', late, { once: true });
    if (deadline.aborted) late();
    if (!afterFailure) this.#serving();
    const held = setTimeout(() => this.#held(), HELD_MS);
    const found = (): void => this.#context.idle.wake();
    void this.#earlier.look(() => this.#current.opened.index, found, this.#active.signal);
    if (renewMs > 0) void this.#renewAlways(renewMs);
    while (!this.#isOver) await this.#step();
    clearTimeout(held);
    this.#active.abort();
    await this.#finish();
    deadline.removeEventListener('abort', late);
    return this.#end();
  }

  get #isOver(): boolean {
    if (this.#fault !== undefined || this.#context.isFlushed()) return true;
    return this.#context.closing.aborted && !this.#canSend;
  }

  get #canSend(): boolean {
    const { pace } = this.#context;
    const isRenewing = this.#isOpening || this.#isRenewDue;
    if (this.#current.draining !== undefined) return false;
    if (pace.isCautious && isRenewing && this.#current.bytes >= pace.bytes) return false;
    return this.#connections.reduce((sum, { bytes }) => sum + bytes, 0) < MAX_UNCONFIRMED;
  }

  /** Whether the end of this connection says what its peer has read. */
  #isAsked({ confirms }: Transport): boolean {
    return confirms === 'end' && this.#context.pace.isOn;
  }

  async #step(): Promise<void> {
    const { buffer, replay, idle, replayMs } = this.#context;
    if (this.#next !== undefined) await this.#switch(this.#next);
    if (!this.#canSend) {
      await idle.for();
      return;
    }
    await this.#gather();
    const batch = await buffer.dequeueBatch(BATCH_SIZE);
    if (batch.length > 0) {
      if (this.#earlier.isOpen && this.#fault === undefined) await this.#try(batch);
      else await this.#send(batch);
      return;
    }
    buffer.releaseBatches(replay.expire(performance.now()));
    // Between that answer and now something may have come, and nobody would wake us for it.
    if (buffer.length > 0 || this.#isOver || this.#next !== undefined) return;
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

  #frameOf(batch: readonly Entry[], { confirms }: Transport): SentBatch {
    if (confirms === 'batch') return new SentBatch(batch, NO_FRAME);
    return new SentBatch(batch, this.#context.frames.frameOf(batch.map(({ text }) => text)));
  }

  /** Sends one batch. Before it leaves it is on its way: it may take long, and must not be lost then. */
  async #send(batch: readonly Entry[]): Promise<void> {
    const connection = this.#current;
    // A failure may have come while the batch was read.
    if (this.#fault !== undefined || connection.draining !== undefined) {
      this.#context.buffer.putBack(batch);
      return;
    }
    const { transport } = connection.opened;
    const startedMs = performance.now();
    const sent = this.#frameOf(batch, transport);
    connection.add(sent);
    this.#context.onSent();
    const result = await transport.send({ texts: batch.map(({ text }) => text), frame: sent.frame });
    connection.sentMs ??= startedMs;
    const { failure } = result;
    if (this.#isAsked(transport)) {
      if (failure === undefined) sent.forgetTexts();
      this.#arm(connection);
    } else {
      connection.remove(sent);
      const nowMs = performance.now();
      if (nowMs - startedMs > SLOW_MS) this.#context.replay.pauseAging(nowMs);
      settleSent(sent, result, this.#context, transport.confirms === 'batch' ? undefined : this.#context.replay);
      if (transport.confirms === 'batch' && result.sent > 0) this.#confirmed(connection.opened);
      this.#context.onBatch();
    }
    if (failure !== undefined) this.#fail(connection, failure);
  }

  /** Asks an earlier endpoint to deliver a batch. Meanwhile nothing else is sent: the order stays. */
  async #try(batch: readonly Entry[]): Promise<void> {
    const { opened, isDelivered } = await this.#earlier.deliver((transport) => this.#frameOf(batch, transport));
    this.#context.onBatch();
    if (!isDelivered) return;
    this.#delivered.add(opened.index);
    this.#context.failover.delivered(opened.index);
    if (this.#isAsked(opened.transport)) void this.#renew(opened.index);
    else this.#next = opened;
  }

  #adopt(connection: Connection): void {
    const { lost } = connection.opened.transport;
    const fail = (): void => this.#fail(connection, lost.reason);
    this.#connections.push(connection);
    this.#current = connection;
    lost.addEventListener('abort', fail, { once: true });
    if (lost.aborted) fail();
  }

  /** Goes on over another connection, and lets the old one end. */
  async #switch(next: Opened): Promise<void> {
    const old = this.#current;
    this.#next = undefined;
    this.#adopt(new Connection(next));
    if (this.#isServing) this.#context.onServing(next.name);
    if (this.#isAsked(old.opened.transport)) void this.#retire(old);
    else await this.#hangUp(old);
  }

  async #retire(connection: Connection): Promise<void> {
    await this.#drain(connection);
    if (this.#failure.signal.aborted) return;
    this.#connections = this.#connections.filter((other) => other !== connection);
    if (this.#isRenewDue) await this.#renew();
  }

  /** The first bytes that nobody confirmed wake the clock for a new connection; too many of them ask for it at once. */
  #arm(connection: Connection): void {
    const { pace } = this.#context;
    connection.timer ??= setTimeout(() => void this.#renew(), pace.ms);
    if (connection.bytes >= pace.bytes) void this.#renew();
  }

  async #renewAlways(renewMs: number): Promise<void> {
    while (!this.#active.signal.aborted) {
      await wait(renewMs, this.#active.signal);
      await this.#renew();
    }
  }

  /** Opens the next connection while the present one is sent over. */
  async #renew(index = this.#current.opened.index): Promise<void> {
    if (this.#isOver || this.#next !== undefined) return;
    this.#isRenewDue = this.#isOpening || this.#connections.length > MAX_DRAINING;
    if (this.#isRenewDue) return;
    this.#isOpening = true;
    const connection = this.#current;
    const isSame = index === connection.opened.index;
    const mustConfirm = isSame && this.#isAsked(connection.opened.transport) && connection.batches.length > 0;
    const patience = mustConfirm ? setTimeout(() => void this.#drain(connection), RENEW_PATIENCE_MS) : undefined;
    const { opened, fault } = await this.#context.failover.open(index, this.#active.signal);
    clearTimeout(patience);
    this.#isOpening = false;
    this.#next = opened;
    // What may not have been read keeps its chance to be confirmed. Nothing more is sent.
    if (fault !== undefined && mustConfirm) this.#leave(index, fault.name, fault.error);
    this.#context.idle.wake();
    if (this.#isRenewDue) await this.#renew();
  }

  /** Half-closes a connection and waits for the peer's end, which says that it has read everything. */
  #drain(connection: Connection): Promise<void> {
    connection.draining ??= this.#drainOnce(connection);
    return connection.draining;
  }

  async #drainOnce(connection: Connection): Promise<void> {
    clearTimeout(connection.timer);
    const { isRead, fault } = await connection.opened.transport.close(this.#failure.signal);
    if (this.#failure.signal.aborted) return;
    if (isRead && connection.batches.length > 0) {
      connection.confirm(this.#context);
      this.#context.pace.confirmed();
      this.#confirmed(connection.opened);
      this.#context.onBatch();
    }
    if (connection.batches.length > 0) this.#fail(connection, fault ?? new MonitoringError('PEER_READS_NOT'));
    this.#context.idle.wake();
  }

  /** Ends a connection whose peer need not confirm. What it may not have read is sent again. */
  async #hangUp({ opened }: Connection): Promise<void> {
    const { buffer, replay, counters } = this.#context;
    this.#connections = this.#connections.filter((other) => other.opened !== opened);
    const limit = AbortSignal.any([this.#failure.signal, AbortSignal.timeout(HANG_UP_MS)]);
    const { isRead } = await opened.transport.close(limit);
    const unconfirmed = replay.takeUnconfirmed();
    if (isRead && !this.#failure.signal.aborted) {
      buffer.releaseBatches(unconfirmed.flatMap(({ keys }) => keys ?? []));
    } else {
      counters.retried += unconfirmed.length;
      buffer.putBack(unconfirmed);
    }
  }

  #confirmed({ index }: Opened): void {
    this.#delivered.add(index);
    this.#context.failover.delivered(index);
    this.#serving();
  }

  #held(): void {
    const { confirms } = this.#current.opened.transport;
    if (confirms !== 'batch' && this.batches.length === 0) this.#serving();
  }

  #serving(): void {
    if (this.#fault !== undefined || this.#isServing) return;
    this.#isServing = true;
    this.#context.onServing(this.#current.opened.name);
  }

  #leave(index: number, name: string, error: unknown): void {
    if (this.#fault !== undefined) return;
    this.#fault = { error, index, name };
    if (!this.#context.closing.aborted) this.#context.onAway(name, error);
    this.#context.idle.wake();
  }

  #fail({ opened }: Connection, error: unknown): void {
    // The transport's own word says best why; that of the batch is there earlier.
    const { lost } = opened.transport;
    this.#leave(opened.index, opened.name, lost.aborted ? lost.reason : error);
    this.#failure.abort();
    // A connection that nobody has asked to end yet ends at once, and with it a batch that is under way.
    for (const connection of this.#connections) void connection.opened.transport.close(this.#failure.signal);
  }

  /** Lets all connections end, as far as they still can, and gives back what was not confirmed, in order. */
  async #finish(): Promise<void> {
    const { buffer, counters, pace } = this.#context;
    await this.#next?.transport.close(AbortSignal.abort());
    await this.#earlier.close();
    const connections = this.#connections;
    await Promise.all(connections.map((one) => (this.#isAsked(one.opened.transport) ? this.#drain(one) : undefined)));
    if (!this.#isAsked(this.#current.opened.transport)) await this.#hangUp(this.#current);
    const unconfirmed = connections.flatMap((connection) => connection.takeBack(this.#context));
    if (unconfirmed.length === 0) return;
    pace.failed();
    counters.retried += unconfirmed.length;
    buffer.putBack(unconfirmed);
    this.#context.onBatch();
  }

  #end(): SessionEnd {
    const { sentMs, opened } = this.#current;
    const hasHeld = sentMs !== undefined && performance.now() - sentMs > HELD_MS;
    if (!this.#isAsked(opened.transport) && opened.transport.confirms !== 'batch' && hasHeld) {
      this.#delivered.add(opened.index);
    }
    const { index, name, error } = this.#fault ?? { index: opened.index, name: opened.name, error: undefined };
    if (error !== undefined && !this.#delivered.has(index)) this.#context.failover.failed(index);
    return { name, error, hasDelivered: this.#delivered.has(index) };
  }
}

import { MonitoringError } from '../../../../lib/errors.ts';
import { wait } from '../../../../lib/io/wait.ts';
import type { Transport } from '../transports/transport.ts';
import { Connection } from './connection.ts';
import type { Opened } from './failover.ts';
import type { SentBatch } from './sent-batch.ts';
import type { SessionContext } from './session-context.ts';

export interface ChainListener {
  /** Hears that the peer has read everything that it was sent over a connection. */
  onConfirmed(opened: Opened): void;
  /** Hears, once or more, why nothing can be sent any more, and which endpoint is at fault. */
  onFault(endpoint: Omit<Opened, 'transport'>, error: unknown): void;
}

/**
 * No more is sent while so many bytes are not confirmed, or so many connections wait for their peer's end. To confirm takes
 * some tenths of a second, in which a source that reads a file sends 100 MB a second.
 */
const MAX_UNCONFIRMED = 67_108_864;
const MAX_DRAINING = 16;
/** The old connection is asked to end though the next one is not open by then. */
const RENEW_PATIENCE_MS = 1_000;
/** How long a connection that need not confirm may take to end in good order. */
const HANG_UP_MS = 2_000;

/** Hosts that began at once renew their connections at other times than each other: never later than asked for. */
const apart = (): number => 0.75 + Math.random() / 4;

/**
 * The connections of a session, one after the other. A peer that confirms at the end of a connection gets a new one from
 * time to time, and the old one's end says what it has read. The first failure ends all of them: what none of them had
 * confirmed is sent again, in order.
 */
export class ConnectionChain {
  readonly #context: SessionContext;
  readonly #listener: ChainListener;
  /** Aborts at the first failure: every connection ends then. */
  readonly #failure = new AbortController();
  /** Aborts when nothing is opened any more. */
  readonly #active = new AbortController();
  /** Oldest first; the last is the one that is sent over. */
  #connections: Connection[] = [];
  #current: Connection;
  #next: Opened | undefined;
  #isOpening = false;
  #isRenewDue = false;

  constructor(opened: Opened, context: SessionContext, listener: ChainListener) {
    this.#context = context;
    this.#listener = listener;
    this.#current = this.#adopt(opened);
    if (context.renewMs > 0) void this.#renewAlways(context.renewMs);
  }

  /** The connection that is sent over. */
  get current(): Connection {
    return this.#current;
  }

  /** What is on its way, oldest first. */
  get batches(): SentBatch[] {
    return this.#connections.flatMap(({ batches }) => batches);
  }

  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  get isNextOpen(): boolean {
    return this.#next !== undefined;
  }

  get canSend(): boolean {
    const { pace } = this.#context;
    const isRenewing = this.#isOpening || this.#isRenewDue;
    if (this.#current.draining !== undefined) return false;
    if (pace.isCautious && isRenewing && this.#current.bytes >= pace.bytes) return false;
    return this.#connections.reduce((sum, { bytes }) => sum + bytes, 0) < MAX_UNCONFIRMED;
  }

  /** Whether the end of this connection says what its peer has read. */
  isAsked({ confirms }: Transport): boolean {
    return confirms === 'end' && this.#context.pace.isOn;
  }

  /** Goes on over this connection, at the next switch. */
  offer(next: Opened): void {
    this.#next = next;
  }

  /** Goes on over the connection that was opened, where there is one, and lets the old one end. */
  async switch(): Promise<void> {
    const next = this.#next;
    if (next === undefined) return;
    const old = this.#current;
    this.#next = undefined;
    this.#adopt(next);
    if (this.isAsked(old.opened.transport)) void this.#retire(old);
    else await this.#hangUp(old);
  }

  /** The first bytes that nobody confirmed wake the clock for a new connection; too many of them ask for it at once. */
  arm(connection: Connection): void {
    const { pace } = this.#context;
    connection.timer ??= setTimeout(() => void this.renew(), pace.ms * apart());
    if (connection.bytes >= pace.bytes) void this.renew();
  }

  /** Opens the next connection while the present one is sent over. */
  async renew(index = this.#current.opened.index): Promise<void> {
    if (this.#active.signal.aborted || this.#context.closing.aborted || this.#next !== undefined) return;
    this.#isRenewDue = this.#isOpening || this.#connections.length > MAX_DRAINING;
    if (this.#isRenewDue) return;
    this.#isOpening = true;
    const connection = this.#current;
    const isSame = index === connection.opened.index;
    const mustConfirm = isSame && this.isAsked(connection.opened.transport) && connection.batches.length > 0;
    const patience = mustConfirm ? setTimeout(() => void this.#drain(connection), RENEW_PATIENCE_MS) : undefined;
    const { opened, fault } = await this.#context.failover.open(index, this.#active.signal);
    clearTimeout(patience);
    this.#isOpening = false;
    this.#next = opened;
    // What may not have been read keeps its chance to be confirmed. Nothing more is sent.
    if (fault !== undefined && mustConfirm) this.#listener.onFault({ index, name: fault.name }, fault.error);
    this.#context.idle.wake();
    if (this.#isRenewDue) await this.renew();
  }

  fail({ opened }: Connection, error: unknown): void {
    // The transport's own word says best why; that of the batch is there earlier.
    const { lost } = opened.transport;
    this.#listener.onFault(opened, lost.aborted ? lost.reason : error);
    this.#failure.abort();
    // A connection that nobody has asked to end yet ends at once, and with it a batch that is under way.
    for (const connection of this.#connections) void connection.opened.transport.close(this.#failure.signal);
  }

  /** Lets all connections end, as far as they still can, and gives back what was not confirmed, in order. */
  async finish(): Promise<void> {
    const { buffer, counters, pace } = this.#context;
    this.#active.abort();
    await this.#next?.transport.close(AbortSignal.abort());
    const connections = this.#connections;
    await Promise.all(connections.map((one) => (this.isAsked(one.opened.transport) ? this.#drain(one) : undefined)));
    if (!this.isAsked(this.#current.opened.transport)) await this.#hangUp(this.#current);
    const unconfirmed = connections.flatMap((connection) => connection.takeBack(this.#context));
    if (unconfirmed.length === 0) return;
    pace.failed();
    counters.retried += unconfirmed.length;
    buffer.putBack(unconfirmed);
  }

  #adopt(opened: Opened): Connection {
    const connection = new Connection(opened);
    const { lost } = opened.transport;
    const fail = (): void => this.fail(connection, lost.reason);
    this.#connections.push(connection);
    this.#current = connection;
    lost.addEventListener('abort', fail, { once: true });
    if (lost.aborted) fail();
    return connection;
  }

  async #renewAlways(renewMs: number): Promise<void> {
    while (!this.#active.signal.aborted) {
      await wait(renewMs * apart(), this.#active.signal);
      await this.renew();
    }
  }

  async #retire(connection: Connection): Promise<void> {
    await this.#drain(connection);
    if (this.#failure.signal.aborted) return;
    this.#connections = this.#connections.filter((other) => other !== connection);
    if (this.#isRenewDue) await this.renew();
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
      this.#listener.onConfirmed(connection.opened);
    }
    if (connection.batches.length > 0) this.fail(connection, fault ?? new MonitoringError('PEER_READS_NOT'));
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
}

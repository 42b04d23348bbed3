import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MonitoringError } from '../../../../lib/errors.ts';
import { wait } from '../../../../lib/io/wait.ts';
import { DrainRamp } from '../../drain-ramp.ts';
import type { PackedBatch } from '../buffer/packed-batch.ts';
import type { Entry } from '../buffer/queue.ts';
import type { Transport } from '../transports/transport.ts';
import type { Connection } from './connection.ts';
import { ConnectionChain } from './connection-chain.ts';
import { EarlierEndpoint } from './earlier-endpoint.ts';
import type { Opened } from './failover.ts';
import { SentBatch } from './sent-batch.ts';
import type { SessionContext } from './session-context.ts';
import { type SessionEnd, SessionOutcome } from './session-outcome.ts';
import { settleSent } from './settle-sent.ts';

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
  readonly #outcome: SessionOutcome;
  /** Ends the search for an earlier endpoint. */
  readonly #search = new AbortController();
  #isTrying = false;
  /** Present while what has gathered in an outage is drained. */
  #ramp: DrainRamp | undefined;

  constructor(opened: Opened, context: SessionContext) {
    this.#context = context;
    this.#outcome = new SessionOutcome(context);
    this.#chain = new ConnectionChain(opened, context, {
      onConfirmed: (confirmed) => {
        this.#confirmed(confirmed);
        context.onBatch();
      },
      onFault: ({ index, name }, error) => this.#outcome.fail(index, name, error),
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
    else this.#outcome.serve(this.#chain.current.opened.name);
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
    if (this.#outcome.hasFailed || this.#context.isFlushed()) return true;
    return this.#context.closing.aborted && !this.#chain.canSend;
  }

  async #step(): Promise<void> {
    const { buffer, replay, idle, replayMs } = this.#context;
    if (this.#chain.isNextOpen) {
      await this.#chain.switch();
      this.#outcome.switchTo(this.#chain.current.opened.name);
    }
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
      if (this.#earlier.isOpen && !this.#outcome.hasFailed) await this.#try(batch);
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

  #pack(batch: readonly Entry[], texts: readonly string[], { confirms }: Transport): SentBatch {
    return new SentBatch(batch, confirms === 'batch' ? NO_FRAME : this.#context.frames.frameOf(texts));
  }

  /** Sends one batch. Before it leaves it is on its way: it may take long, and must not be lost then. */
  async #send(batch: readonly Entry[]): Promise<void> {
    const connection = this.#chain.current;
    // A failure may have come while the batch was read.
    if (this.#outcome.hasFailed || connection.draining !== undefined) {
      this.#context.buffer.putBack(batch);
      return;
    }
    const texts = batch.map(({ text }) => text);
    await this.#dispatch(this.#pack(batch, texts, connection.opened.transport), connection);
  }

  async #sendPacked(packed: PackedBatch): Promise<void> {
    const connection = this.#chain.current;
    const sent = SentBatch.ofPacked(packed, this.#context.frames);
    if (this.#outcome.hasFailed || connection.draining !== undefined) {
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
    this.#outcome.delivered(opened.index);
    if (this.#chain.isAsked(opened.transport)) void this.#chain.renew(opened.index);
    else this.#chain.offer(opened);
  }

  #confirmed({ index }: Opened): void {
    this.#outcome.delivered(index);
    this.#outcome.serve(this.#chain.current.opened.name);
  }

  #held(): void {
    const { transport, name } = this.#chain.current.opened;
    if (transport.confirms !== 'batch' && this.batches.length === 0) this.#outcome.serve(name);
  }

  #result(): SessionEnd {
    const { sentMs, opened } = this.#chain.current;
    const hasHeld = sentMs !== undefined && performance.now() - sentMs > HELD_MS;
    const mustConfirm = this.#chain.isAsked(opened.transport) || opened.transport.confirms === 'batch';
    return this.#outcome.end(opened, hasHeld && !mustConfirm);
  }
}

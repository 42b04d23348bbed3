import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MonitoringError } from '../../../../lib/errors.ts';
import { createEncoder, type GelfFields } from '../../../../lib/gelf-encoder.ts';
import { StateFile } from '../../../../lib/io/state-file.ts';
import {
  COUNTER_NAMES,
  type Counters,
  type DeliveryState,
  noCounts,
  parseDeliveryState,
} from '../../delivery-state.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { DeliveryOptions } from '../../options.ts';
import { RecentIds } from '../../recent-ids.ts';
import { type ShipperState, worstState } from '../../shipper-state.ts';
import { SEPARATOR } from '../buffer/batch-key.ts';
import { BufferFiles } from '../buffer/buffer-files.ts';
import type { Done } from '../buffer/queue.ts';
import type { StorageEvent } from '../buffer/reopening-store.ts';
import type { Transport } from '../transports/transport.ts';
import { createGelfClient, type GelfClient } from './gelf-client.ts';
import { MAX_PORTS, PortQueues } from './port-queues.ts';
import { Shipper } from './shipper.ts';

export interface DeliverySettings {
  userDir: string;
  /** Names the files of this server; letters, digits, dots and dashes. */
  id: string;
  options: DeliveryOptions;
  /** The endpoints for a port of its own, or for the server's. */
  endpoints(port: number | undefined): readonly Endpoint[];
  createTransport(endpoint: Endpoint): Transport;
  onState(state: ShipperState): void;
  onStorage(event: StorageEvent, error?: unknown): void;
  onPressure(full: boolean): void;
  /** The counters of an earlier run cannot be used. */
  onStateLost?(error: unknown): void;
}

/** The worst state among the connections, and how many messages wait in all. */
export interface Summary extends ShipperState {
  readonly buffered: number;
  /** Age in ms of the message that waits longest. */
  readonly lagMs: number;
}

/** The records for one port: their connection, and what of them waits. */
interface PortShipper {
  readonly shipper: Shipper;
  readonly client: GelfClient;
  readonly buffered: number;
  isFull: boolean;
  close(): Promise<number>;
}

/**
 * How long a record is remembered, in ms: longer than the checkpoint of a source lags behind what it handed on, which is the
 * window and a second, in steps of a tenth of that.
 */
const recentMs = (windowMs: number): number => (windowMs + 1_000) * 1.1 + 1_000;
const REPEATS_MS = 60_000;
const TURNS_UNDER_WAY = 3;

/** All connections of one server: one for each port that records go to, each with a buffer of its own. */
export class Delivery {
  readonly #settings: DeliverySettings;
  readonly #files: BufferFiles;
  readonly #queues: PortQueues<PortShipper>;
  readonly #recent: RecentIds;
  readonly #encode = createEncoder();
  #isClosed = false;
  readonly #before: Counters;
  readonly #state: StateFile<DeliveryState>;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#files = new BufferFiles(settings.userDir, settings.id);
    this.#queues = new PortQueues({
      files: this.#files,
      open: (port) => this.#openQueue(port),
      onClosed: ({ shipper }) => addCounts(this.#before, shipper.counters),
    });
    this.#state = new StateFile(settings.userDir, `graylog-server-${settings.id}`, parseDeliveryState);
    const saved = this.#state.read(({ error }) => settings.onStateLost?.(error));
    this.#before = saved?.counters ?? noCounts();
    this.#recent = new RecentIds(undefined, recentMs(settings.options.windowMs));
    this.#recent.restore(saved?.recent ?? [], REPEATS_MS, performance.now());
  }

  /** Takes up what an earlier run left on disk. */
  start(): void {
    this.#queues.takeUp();
  }

  /**
   * Sends a GELF document, to `port` where it is given, unless the one with this `eventId` was sent just before a redeploy.
   * `done` is called once, when it was sent or is kept.
   */
  ship(document: string, eventId: unknown, port: number | undefined, done: Done): void {
    if (this.isRepeat(eventId)) done(undefined, document);
    else this.#send(document, port, done);
  }

  /** Whether a document with this id was sent just before a redeploy. It is remembered in any case. `nowMs`: of a steady clock. */
  isRepeat(eventId: unknown, nowMs = performance.now()): boolean {
    return typeof eventId === 'string' && this.#recent.checkRepeat(eventId, nowMs);
  }

  /** Whether so much waits in memory that whoever can wait should: the rest of it is for those that cannot. */
  isBusy(): boolean {
    for (const { shipper } of this.#queues) if (shipper.isBusy) return true;
    return false;
  }

  /** Sends `count` GELF documents, each followed by a NUL, that are no repeats. `done` is called once for each. */
  shipAll(documents: Buffer, count: number, port: number | undefined, done: Done): void {
    const queue = this.#isClosed || this.#queues.whenGone(port) !== undefined ? undefined : this.#queues.get(port);
    if (queue !== undefined) queue.shipper.offerAll(documents, count, done);
    else for (const document of documents.toString().split(SEPARATOR, count)) this.#send(document, port, done);
  }

  /** The same for a message that is not text yet. */
  shipFields(fields: GelfFields, port: number | undefined, done: Done): void {
    this.ship(this.#encode(fields), fields.event_id, port, done);
  }

  get summary(): Summary {
    const shippers = [...this.#queues].map(({ shipper }) => shipper);
    return {
      ...worstState(shippers.map(({ state }) => state)),
      buffered: shippers.reduce((sum, { buffered }) => sum + buffered, 0),
      lagMs: Math.max(0, ...shippers.map(({ lagMs }) => lagMs)),
    };
  }

  /** How long an accepted record may be in memory alone, in ms: sources go on from before that after a crash. */
  get windowMs(): number {
    return this.#settings.options.windowMs;
  }

  /** Resolves once everything that was taken by now is confirmed or on disk. */
  async settle(): Promise<void> {
    await Promise.all([...this.#queues].map(({ shipper }) => shipper.settle()));
  }

  /** Counts records that a source of this server lost. */
  countLost(count: number): void {
    this.#before.received += count;
    this.#before.dropped += count;
  }

  /** What was counted since the first start, over all redeploys. */
  get counters(): Counters {
    const sum = { ...this.#before };
    for (const { shipper } of this.#queues) addCounts(sum, shipper.counters);
    return sum;
  }

  /**
   * Sends or keeps what waits, within a few seconds. Resolves to the number of messages lost. Where the server is `gone` for
   * good its files go as well, and what waited in them counts as lost.
   */
  async close(isGone = false): Promise<number> {
    // What sources sent in this turn of the event loop is between two nodes.
    for (let turn = 0; turn < TURNS_UNDER_WAY; turn += 1) await nextTurn();
    this.#isClosed = true;
    const lost = await this.#queues.close();
    if (isGone) {
      const { buffered } = this.summary;
      await this.#files.removeEverything();
      await this.#state.remove().catch(() => undefined);
      return lost + buffered;
    }
    const recent = this.#recent.fingerprints(recentMs(this.windowMs), performance.now());
    // Where nothing can be written, the next run starts its counters anew: no reason to stop the close.
    await this.#state.write({ counters: this.counters, recent }).catch(() => undefined);
    return lost;
  }

  #send(document: string, port: number | undefined, done: Done): void {
    const gone = this.#queues.whenGone(port);
    if (gone !== undefined) {
      void gone.then(() => this.#send(document, port, done));
      return;
    }
    if (this.#isClosed) {
      done(new MonitoringError('CLOSED'), document);
      return;
    }
    const queue = this.#queues.get(port);
    if (queue !== undefined) {
      queue.client.send(document, done);
      return;
    }
    this.#before.received += 1;
    this.#before.dropped += 1;
    done(new MonitoringError('TOO_MANY_PORTS', { most: MAX_PORTS, port: String(port) }), document);
  }

  #openQueue(port: number | undefined): PortShipper {
    const { options, endpoints, createTransport, onState, onStorage } = this.#settings;
    const path = this.#files.folderOf(port);
    const shipper = new Shipper({
      ...options.shipper,
      buffer: { ...options.buffer, path: options.buffer.diskSize > 0 ? path : undefined, onStorage },
      endpoints: () => endpoints(port),
      createTransport,
      onState,
      onPressure: (isFull) => {
        queue.isFull = isFull;
        this.#settings.onPressure([...this.#queues].some((other) => other.isFull));
      },
    });
    const queue: PortShipper = {
      shipper,
      client: createGelfClient((text, done) => shipper.offer(text, done)),
      isFull: false,
      get buffered() {
        return shipper.buffered;
      },
      close: () => shipper.close(),
    };
    shipper.start();
    return queue;
  }
}

function addCounts(sum: Counters, counts: Counters): void {
  for (const name of COUNTER_NAMES) sum[name] += counts[name];
}

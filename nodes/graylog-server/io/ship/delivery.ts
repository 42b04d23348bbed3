import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { GelfFields } from '../../../../lib/gelf-encoder.ts';
import { STATE_FOLDER, StateFile } from '../../../../lib/io/state-file.ts';
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
import type { Done } from '../buffer/queue.ts';
import type { StorageEvent } from '../buffer/reopening-store.ts';
import type { Transport } from '../transports/transport.ts';
import { createGelfClient, type GelfClient } from './gelf-client.ts';
import { Shipper } from './shipper.ts';

export interface DeliverySettings {
  userDir: string;
  /** Names the files of this server; letters, digits, dots and dashes. */
  id: string;
  options: DeliveryOptions;
  /** The records go to a flow of the same Node-RED, which stops when this does. */
  isEmbedded: boolean;
  /** The endpoints for a port of its own, or for the server's. */
  endpoints(port: number | undefined): readonly Endpoint[];
  createTransport(endpoint: Endpoint): Transport;
  onState(state: ShipperState): void;
  onStorage(event: StorageEvent, error?: unknown): void;
  onPressure(full: boolean): void;
}

/** The worst state among the connections, and how many messages wait in all. */
export interface Summary extends ShipperState {
  readonly buffered: number;
  /** Age in ms of the message that waits longest. */
  readonly lagMs: number;
}

/** The records for one port: their connection, and what of them waits. */
interface PortQueue {
  readonly shipper: Shipper;
  readonly client: GelfClient;
  isFull: boolean;
}

/** A source's checkpoint lags behind what it handed on by the window and a second; this is what more is remembered. */
const RECENT_MORE_MS = 2_000;
const EMBEDDED_FLUSH_MS = 300;
const REPEATS_MS = 60_000;

/** All connections of one server: one for each port that records go to, each with a buffer of its own. */
export class Delivery {
  readonly #settings: DeliverySettings;
  readonly #queues = new Map<number | undefined, PortQueue>();
  readonly #recent = new RecentIds();
  readonly #before: Counters;
  readonly #state: StateFile<DeliveryState>;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#state = new StateFile(settings.userDir, `graylog-server-${settings.id}`, parseDeliveryState);
    const saved = this.#state.read();
    this.#before = saved?.counters ?? noCounts();
    this.#recent.restore(saved?.recent ?? [], REPEATS_MS, performance.now());
  }

  /** Takes up what an earlier run left on disk. */
  start(): void {
    const prefix = this.#folderName('');
    try {
      for (const name of readdirSync(join(this.#settings.userDir, STATE_FOLDER))) {
        const port = name.startsWith(prefix) ? /^(main|\d+)$/.exec(name.slice(prefix.length))?.[1] : undefined;
        if (port !== undefined) this.#queueOf(port === 'main' ? undefined : Number(port));
      }
    } catch {
      // No folder, nothing left.
    }
  }

  /**
   * Sends a GELF document, to `port` where it is given, unless the one with this `eventId` was sent just before a redeploy.
   * `done` is called once, when it was sent or is kept.
   */
  ship(document: string, eventId: unknown, port: number | undefined, done: Done): void {
    if (typeof eventId === 'string' && this.#recent.checkRepeat(eventId, performance.now())) done();
    else this.#queueOf(port).client.send(document, done);
  }

  /** The same for a message that is not text yet. */
  shipFields(fields: GelfFields, port: number | undefined, done: Done): void {
    this.ship(this.#queueOf(port).client.getStringFromObject(fields), fields.event_id, port, done);
  }

  get summary(): Summary {
    const shippers = [...this.#queues.values()].map(({ shipper }) => shipper);
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

  /** What was counted since the first start, over all redeploys. */
  get counters(): Counters {
    const sum = { ...this.#before };
    for (const { shipper } of this.#queues.values()) {
      for (const name of COUNTER_NAMES) sum[name] += shipper.counters[name];
    }
    return sum;
  }

  /** Sends or keeps what waits, within a few seconds. Resolves to the number of messages lost. */
  async close(): Promise<number> {
    const lost = await Promise.all([...this.#queues.values()].map(({ shipper }) => shipper.close()));
    const recent = this.#recent.fingerprints(this.windowMs + RECENT_MORE_MS, performance.now());
    // Where nothing can be written, the next run starts its counters anew: no reason to stop the close.
    await this.#state.write({ counters: this.counters, recent }).catch(() => undefined);
    return lost.reduce((sum, count) => sum + count, 0);
  }

  #folderName(port: string): string {
    return `buffer-${this.#settings.id}-${port}`;
  }

  #queueOf(port: number | undefined): PortQueue {
    const known = this.#queues.get(port);
    if (known !== undefined) return known;
    const { userDir, options, endpoints, createTransport, onState, onStorage, isEmbedded } = this.#settings;
    const path = join(userDir, STATE_FOLDER, this.#folderName(String(port ?? 'main')));
    const shipper = new Shipper({
      ...options.shipper,
      flushMs: isEmbedded ? EMBEDDED_FLUSH_MS : options.shipper.flushMs,
      buffer: { ...options.buffer, path: options.buffer.diskSize > 0 ? path : undefined, onStorage },
      endpoints: () => endpoints(port),
      createTransport,
      onState,
      onPressure: (isFull) => {
        queue.isFull = isFull;
        this.#settings.onPressure([...this.#queues.values()].some((other) => other.isFull));
      },
    });
    const queue: PortQueue = {
      shipper,
      client: createGelfClient((text, done) => shipper.offer(text, done)),
      isFull: false,
    };
    this.#queues.set(port, queue);
    shipper.start();
    return queue;
  }
}

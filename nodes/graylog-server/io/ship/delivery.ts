import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { GelfFields } from '../../../../lib/gelf-encoder.ts';
import { STATE_FOLDER, StateFile } from '../../../../lib/io/state-file.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { DeliveryOptions } from '../../options.ts';
import { RecentIds } from '../../recent-ids.ts';
import type { Done } from '../buffer/queue.ts';
import type { StorageEvent } from '../buffer/reopening-store.ts';
import type { Transport } from '../transports/transport.ts';
import { createGelfClient, type GelfClient } from './gelf-client.ts';
import { type Counters, Shipper, type ShipperState } from './shipper.ts';

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
  buffered: number;
  lagMs: number;
}

interface Saved {
  counters: Counters;
  /** Fingerprints, see RecentIds. */
  recent: number[];
}

interface Lane {
  shipper: Shipper;
  client: GelfClient;
  isFull: boolean;
}

const SEVERITY = { connected: 0, connecting: 1, away: 2 };
/** Longer than a source's checkpoint lags behind what it handed on. */
const RECENT_MS = 3_000;
const EMBEDDED_FLUSH_MS = 300;
const REPEATS_MS = 60_000;

/** All connections of one server: one for each port that records go to, each with a buffer of its own. */
export class Delivery {
  readonly #settings: DeliverySettings;
  readonly #lanes = new Map<number | undefined, Lane>();
  readonly #recent = new RecentIds();
  readonly #before: Counters;
  readonly #state: StateFile<Saved>;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#state = new StateFile<Saved>(settings.userDir, `graylog-server-${settings.id}`, (value) => value as Saved);
    const saved = this.#state.read();
    this.#before = saved?.counters ?? { received: 0, sent: 0, dropped: 0, retried: 0 };
    this.#recent.restore(saved?.recent ?? [], REPEATS_MS, performance.now());
  }

  /** Takes up what an earlier run left on disk. */
  start(): void {
    const prefix = this.#folderName('');
    try {
      for (const name of readdirSync(join(this.#settings.userDir, STATE_FOLDER))) {
        const port = name.startsWith(prefix) ? /^(main|\d+)$/.exec(name.slice(prefix.length))?.[1] : undefined;
        if (port !== undefined) this.#lane(port === 'main' ? undefined : Number(port));
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
    if (typeof eventId === 'string' && this.#recent.isRepeat(eventId, performance.now())) done();
    else this.#lane(port).client.send(document, done);
  }

  /** The same for a message that is not text yet. */
  shipFields(fields: GelfFields, port: number | undefined, done: Done): void {
    this.ship(this.#lane(port).client.getStringFromObject(fields), fields.event_id, port, done);
  }

  get summary(): Summary {
    let worst: ShipperState = { state: 'connecting', endpoint: '' };
    let severity = -1;
    let buffered = 0;
    let lagMs = 0;
    for (const { shipper } of this.#lanes.values()) {
      buffered += shipper.buffered;
      lagMs = Math.max(lagMs, shipper.lagMs);
      if (SEVERITY[shipper.state.state] <= severity) continue;
      severity = SEVERITY[shipper.state.state];
      worst = shipper.state;
    }
    return { ...worst, buffered, lagMs };
  }

  /** What was counted since the first start, over all redeploys. */
  get counters(): Counters {
    const sum = { ...this.#before };
    for (const { shipper } of this.#lanes.values()) {
      for (const key of ['received', 'sent', 'dropped', 'retried'] as const) sum[key] += shipper.counters[key];
    }
    return sum;
  }

  /** Sends or keeps what waits, within a few seconds. Resolves to the number of messages lost. */
  async close(): Promise<number> {
    const lost = await Promise.all([...this.#lanes.values()].map(({ shipper }) => shipper.close()));
    const recent = this.#recent.since(RECENT_MS, performance.now());
    // Where nothing can be written, the next run starts its counters anew: no reason to stop the close.
    await this.#state.write({ counters: this.counters, recent }).catch(() => undefined);
    return lost.reduce((sum, count) => sum + count, 0);
  }

  #folderName(port: string): string {
    return `buffer-${this.#settings.id}-${port}`;
  }

  #lane(port: number | undefined): Lane {
    const known = this.#lanes.get(port);
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
        lane.isFull = isFull;
        this.#settings.onPressure([...this.#lanes.values()].some((other) => other.isFull));
      },
    });
    const lane = { shipper, client: createGelfClient((text, done) => shipper.offer(text, done)), isFull: false };
    this.#lanes.set(port, lane);
    shipper.start();
    return lane;
  }
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type AlertState, ask, type Bus, hear } from '../../../lib/bus.ts';
import { recordOf } from '../../../lib/gelf-record.ts';
import { STATE_FOLDER } from '../../../lib/io/state-file.ts';
import { type DeliveryState, deliverySamples } from '../digest/deliveries.ts';
import { Digest } from '../digest/digest.ts';
import { AlertLog } from '../history/alert-log.ts';
import { KeptRecords } from '../history/kept-records.ts';
import { mattersAtNight } from '../history/matters.ts';
import type { Lane } from '../ring/lane.ts';
import type { RecordRing } from '../ring/record-ring.ts';
import type { SlabEntry } from '../ring/slab.ts';
import { samplesOf } from '../series/samples.ts';
import { SeriesStore } from '../series/series-store.ts';
import { HistoryFile } from './history-file.ts';
import { lockFor } from './process-lock.ts';
import { SeriesFile } from './series-file.ts';

const LOOK_MS = 2_000;
const WRITE_MS = 60_000;
const DELIVERY_MS = 10_000;
/** At a look so many records are read of a kind, and so many lines of a container's stream. */
const MOST_OF_A_LANE = 1_000;
const LINES_OF_A_LANE = 10;
const LINES = new Set<unknown>(['stdout', 'stderr', 'docker_log']);
const SERIOUS = /"level":[0-4][,}]/;

export interface WatcherOptions {
  readonly bus: Bus;
  readonly ring: RecordRing;
  readonly userDir: string;
  /** How it stands with each `graylog-server`. */
  deliveries(): readonly DeliveryState[];
  /** Hears why something cannot be kept, once. */
  onFault(error: unknown): void;
}

/** Who told people of what. */
export interface Told {
  readonly node: string;
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  readonly atMs: number;
}

const MOST_TOLD = 500;
const LONGEST_SENTENCE = 300;

/**
 * Looks at the ring every two seconds, at what came since: so nothing is done for each record when it comes. Keeps what the
 * page shows beside the records.
 */
export class Watcher {
  readonly boot = randomUUID().slice(0, 8);
  readonly digest = new Digest();
  readonly kept = new KeptRecords();
  readonly alertLog = new AlertLog();
  readonly store: SeriesStore;
  readonly told: Told[] = [];
  /** What was said of an alert last, by its id. */
  readonly sentences = new Map<string, string>();
  /** Whether what is measured survives. */
  readonly isKept: boolean;
  readonly #options: WatcherOptions;
  readonly #history: HistoryFile;
  readonly #file: SeriesFile | undefined;
  readonly #leave: (() => void)[] = [];
  #seen = 0;
  #saidFault = '';
  #deliveries: readonly DeliveryState[] = [];
  #nextDeliveryMs = 0;

  constructor(options: WatcherOptions) {
    this.#options = options;
    const folder = join(options.userDir, STATE_FOLDER);
    const unlock = lockFor(join(folder, 'page-lock'));
    // Another process has the files: this one keeps to its memory.
    const memory = { store: new SeriesStore(), file: undefined, fault: undefined };
    const { store, file, fault } = unlock === undefined ? memory : SeriesFile.open(join(folder, 'page-series'));
    this.store = store;
    this.#file = file;
    this.isKept = unlock !== undefined && file !== undefined;
    this.#history = new HistoryFile(join(folder, 'page-history'));
    if (fault !== undefined) this.#fail(fault);
    if (unlock !== undefined) this.#restore();
    const { bus } = options;
    const look = setInterval(() => this.#lookSafely(), LOOK_MS).unref();
    const write = setInterval(() => void this.write(), WRITE_MS).unref();
    this.#leave.push(
      () => clearInterval(look),
      () => clearInterval(write),
      hear(bus, 'infra-monitoring:alert', (alert) => this.#hearAlert(alert)),
      hear(bus, 'infra-monitoring:told', ({ node, id, state }) => {
        this.told.push({ node, id, state, atMs: Date.now() });
        if (this.told.length > MOST_TOLD) this.told.shift();
      }),
      ...(unlock === undefined ? [] : [unlock]),
    );
  }

  /** Takes what came since the last look. */
  look(): void {
    const nowMs = performance.now();
    this.store.hear(nowMs, Date.now());
    if (nowMs >= this.#nextDeliveryMs) this.#lookAtDeliveries(nowMs);
    const { ring } = this.#options;
    const last = ring.lastNumber;
    if (last === this.#seen) return;
    const entries = ring.lanes.flatMap((lane) => this.#newOf(lane));
    for (const entry of entries.sort((a, b) => a.number - b.number)) this.#take(entry);
    this.#seen = last;
  }

  /** What fires now: those who know are asked. */
  firing(): readonly AlertState[] {
    const found = new Map<string, AlertState>();
    const leave = hear(this.#options.bus, 'infra-monitoring:alert', (alert) => {
      if (alert.state === 'firing') found.set(alert.id, alert);
    });
    ask(this.#options.bus, 'infra-monitoring:alert');
    leave();
    return [...found.values()];
  }

  /** Keeps what has changed. Never rejects. */
  async write(): Promise<void> {
    if (!this.isKept) return;
    try {
      this.look();
      await this.#file?.write();
      await this.#history.write(() => [
        ...this.alertLog.all.map((alert) => ({ alert })),
        ...this.kept.all.map(({ number: _, ...record }) => ({ record })),
      ]);
      this.#saidFault = '';
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Keeps what has changed, at the end of the process: nothing waits for anything then. Never throws. */
  writeAtEnd(): void {
    if (!this.isKept) return;
    try {
      this.look();
      this.#file?.writeAtEnd();
      this.#history.writeAtEnd();
    } catch {
      // It is the end: a minute is lost.
    }
    for (const leave of this.#leave) leave();
  }

  /** Nothing that a timer calls may throw: it would end Node-RED. */
  #lookSafely(): void {
    try {
      this.look();
    } catch (error) {
      this.#fail(error);
    }
  }

  #lookAtDeliveries(nowMs: number): void {
    const deliveries = this.#options.deliveries();
    for (const [name, value] of deliverySamples(deliveries, this.#deliveries)) this.store.add(name, nowMs, value);
    this.#deliveries = deliveries;
    this.#nextDeliveryMs = nowMs + DELIVERY_MS;
  }

  #restore(): void {
    const { lines, fault } = this.#history.read();
    if (fault !== undefined) this.#fail(fault);
    this.alertLog.restore(
      lines.flatMap((line) => ('alert' in line ? [line.alert] : [])),
      Date.now(),
    );
    this.kept.restore(lines.flatMap((line) => ('record' in line ? [line.record] : [])));
  }

  #hearAlert(alert: AlertState): void {
    const transition = this.alertLog.hear(alert, Date.now());
    if (transition !== undefined) this.#history.add({ alert: transition });
  }

  #newOf(lane: Lane): SlabEntry[] {
    if (lane.lastNumber <= this.#seen) return [];
    const isOfContainer = lane.container !== undefined;
    const found = lane.newest(isOfContainer ? LINES_OF_A_LANE : MOST_OF_A_LANE, this.#seen, Number.POSITIVE_INFINITY);
    const entries = found.map(({ slab, place }) => slab.read(place));
    if (!isOfContainer || !LINES.has(lane.kind)) return entries;
    if (typeof lane.container === 'string') this.digest.write(lane.container, entries[0]?.shippedMs ?? Date.now());
    return entries.filter(({ document }) => SERIOUS.test(document));
  }

  #take({ document, number, node: nodeNumber, shippedMs }: SlabEntry): void {
    const record = recordOf(document);
    // When it was, by the clock that is never set.
    const agoMs = Math.min(LOOK_MS * 5, Math.max(0, Date.now() - shippedMs));
    const atMs = performance.now() - agoMs;
    for (const [name, value] of samplesOf(record)) this.store.add(name, atMs, value);
    this.digest.add(record, shippedMs);
    this.#noteSentence(record);
    if (!mattersAtNight(record)) return;
    const node = this.#options.ring.nodeOf(nodeNumber);
    const isNew = this.kept.add({ number, document, node, shippedMs }, record);
    if (isNew) this.#history.add({ record: { document, node, shippedMs, count: 1, firstMs: shippedMs } });
  }

  #noteSentence({ alert_id: id, message }: { readonly [key: string]: unknown }): void {
    if (typeof id !== 'string' || typeof message !== 'string') return;
    this.sentences.delete(id);
    this.sentences.set(id, message.slice(0, LONGEST_SENTENCE));
    if (this.sentences.size > MOST_TOLD) this.sentences.delete(this.sentences.keys().next().value ?? '');
  }

  #fail(error: unknown): void {
    const text = String(error);
    if (text !== this.#saidFault) this.#options.onFault(error);
    this.#saidFault = text;
  }
}

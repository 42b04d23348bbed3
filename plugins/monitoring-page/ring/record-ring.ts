import { recordOf } from '../../../lib/gelf-record.ts';
import type { KeepRecords, Ring, RingRecord } from '../../../lib/ring.ts';
import { Lane } from './lane.ts';
import { Slab, type SlabEntry } from './slab.ts';

export const MOST_BYTES = 10_000_000;
export const MOST_MS = 3_600_000;
/** A source that says little holds one slab, most of which is empty. */
const SLAB_BYTES = 16_384;
/** Names of containers come from outside. What exceeds the bound shares one lane. */
const MOST_LANES = 200;
/** A larger document is not kept: it would push out a good part of the others. */
const LARGEST_SHARE = 0.1;
const MOST_NODES = 65_535;

/** Which records are asked for: their numbers lie between the two. */
export interface Wanted {
  readonly most: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** Whether records of this lane are wanted at all. */
  fits?(lane: Lane): boolean;
}

/**
 * The records of the last hour, at most 10 MB of them. Each source (a kind of record, or a container's stdout or stderr) has
 * a lane of its own, and the fullest one gives way: a chatty container pushes out its own lines and nobody else's.
 */
export class RecordRing implements Ring {
  readonly #startedMs: number;
  readonly #nowMs: () => number;
  readonly #mostBytes: number;
  readonly #lanes = new Map<unknown, Map<unknown, Lane>>();
  readonly #others = new Lane();
  readonly #nodes: string[] = [];
  #laneCount = 0;
  #bytes = 0;
  #lastNumber = 0;

  /** `nowMs` gives the time in ms since 1970. */
  constructor(nowMs: () => number, mostBytes: number = MOST_BYTES) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
    this.#mostBytes = mostBytes;
  }

  /** What it takes in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  get sinceMs(): number {
    return Math.max(this.#startedMs, this.#nowMs() - MOST_MS);
  }

  get size(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.count, 0);
  }

  /** The number of the last record that came. Each has the next one. */
  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** The sources. */
  get lanes(): readonly Lane[] {
    return this.#all();
  }

  /** The last `most` records that are wanted, the oldest first. One that came twice is there twice. */
  newest({ most, after = 0, before = Number.POSITIVE_INFINITY, fits = () => true }: Wanted): SlabEntry[] {
    const found = this.#all().flatMap((lane) => (fits(lane) ? lane.newest(most, after, before) : []));
    found.sort((a, b) => b.number - a.number);
    return found
      .slice(0, most)
      .reverse()
      .map(({ slab, place }) => slab.read(place));
  }

  /** The id of a node by its number in an entry. */
  nodeOf(number: number): string {
    return this.#nodes[number] ?? '';
  }

  keeperFor(node: string): KeepRecords {
    const number = this.#numberOf(node);
    return (documents, logType, stream, container, lengths = []) => {
      const lane = this.#laneOf(stream ?? logType, container);
      if (typeof documents === 'string') this.#keep(lane, documents, number);
      else this.#keepAll(lane, documents, lengths, number);
    };
  }

  #keep(lane: Lane, document: string, node: number): void {
    const shippedMs = this.#nowMs();
    this.#lastNumber += 1;
    if (lane.current?.write(document, shippedMs, node, this.#lastNumber) !== true)
      this.#slabFor(lane, Slab.bytesFor(Buffer.byteLength(document)))?.write(
        document,
        shippedMs,
        node,
        this.#lastNumber,
      );
  }

  /** Keeps documents, as many at once as go into a slab. */
  #keepAll(lane: Lane, documents: Uint8Array, lengths: readonly number[], node: number): void {
    const shippedMs = this.#nowMs();
    let start = 0;
    for (let from = 0; from < lengths.length; ) {
      const rest = documents.subarray(start);
      let kept = lane.current?.writeAll(rest, lengths, from, shippedMs, node, this.#lastNumber + 1) ?? 0;
      if (kept === 0) {
        const slab = this.#slabFor(lane, Slab.bytesFor(lengths[from] as number));
        kept = slab?.writeAll(rest, lengths, from, shippedMs, node, this.#lastNumber + 1) ?? 0;
      }
      // A document that is too large to be kept is left out.
      const done = Math.max(kept, 1);
      this.#lastNumber += done;
      for (const length of lengths.slice(from, from + done)) start += length + 1;
      from += done;
    }
  }

  /** Lets go what is older than an hour. */
  expire(): void {
    const beforeMs = this.#nowMs() - MOST_MS;
    for (const lane of this.#all()) {
      while (lane.slabs.length > 0 && (lane.slabs[0] as Slab).lastMs < beforeMs) this.#take(lane);
    }
    this.#forgetEmpty();
  }

  *records(most: number = Number.POSITIVE_INFINITY): Iterable<RingRecord> {
    const kept = this.#kept();
    const seen = new Set<unknown>();
    for (const { document, node, shippedMs } of most < kept.length ? kept.slice(-most) : kept) {
      const record = recordOf(document);
      const { event_id: id } = record;
      if (id !== undefined && seen.has(id)) continue;
      if (id !== undefined) seen.add(id);
      yield { record, node: this.nodeOf(node), shippedMs };
    }
  }

  /** The documents of the last hour from all lanes, the oldest first. */
  #kept(): SlabEntry[] {
    const afterMs = this.#nowMs() - MOST_MS;
    const entries = this.#all().flatMap(({ slabs }) => slabs.flatMap((slab) => [...slab.entries()]));
    return entries
      .filter(({ shippedMs }) => shippedMs >= afterMs)
      .sort((a, b) => a.shippedMs - b.shippedMs || a.number - b.number);
  }

  #numberOf(node: string): number {
    const known = this.#nodes.indexOf(node);
    if (known !== -1 || this.#nodes.length >= MOST_NODES) return known === -1 ? MOST_NODES : known;
    return this.#nodes.push(node) - 1;
  }

  #laneOf(kind: unknown, container: unknown): Lane {
    let ofKind = this.#lanes.get(kind);
    const known = ofKind?.get(container);
    if (known !== undefined) return known;
    if (this.#laneCount >= MOST_LANES) return this.#others;
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#lanes.set(kind, ofKind);
    }
    const lane = new Lane(kind, container);
    ofKind.set(container, lane);
    this.#laneCount += 1;
    return lane;
  }

  /** An empty slab at the end of the lane; undefined where the document is too large to be kept. */
  #slabFor(lane: Lane, bytes: number): Slab | undefined {
    const wanted = Math.max(SLAB_BYTES, bytes);
    if (wanted > Math.max(SLAB_BYTES, this.#mostBytes * LARGEST_SHARE)) return undefined;
    let free: Slab | undefined;
    while (this.#bytes + wanted > this.#mostBytes) {
      const dropped = this.#take(this.#fullest());
      if (dropped === undefined) return undefined;
      if (dropped.bytes === wanted) free = dropped;
      if (free !== undefined) break;
    }
    const slab = free ?? new Slab(wanted);
    slab.clear();
    lane.push(slab);
    this.#bytes += slab.bytes;
    return slab;
  }

  #take(lane: Lane): Slab | undefined {
    const slab = lane.shift();
    this.#bytes -= slab?.bytes ?? 0;
    return slab;
  }

  #fullest(): Lane {
    let fullest = this.#others;
    for (const ofKind of this.#lanes.values()) {
      for (const lane of ofKind.values()) if (lane.bytes > fullest.bytes) fullest = lane;
    }
    return fullest;
  }

  #all(): Lane[] {
    return [this.#others, ...[...this.#lanes.values()].flatMap((ofKind) => [...ofKind.values()])];
  }

  #forgetEmpty(): void {
    for (const [kind, ofKind] of this.#lanes) {
      for (const [container, lane] of ofKind) {
        if (lane.slabs.length > 0) continue;
        ofKind.delete(container);
        this.#laneCount -= 1;
      }
      if (ofKind.size === 0) this.#lanes.delete(kind);
    }
  }
}

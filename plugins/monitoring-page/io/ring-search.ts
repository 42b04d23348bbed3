import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Lane } from '../ring/lane.ts';
import type { RecordRing } from '../ring/record-ring.ts';
import type { SlabEntry } from '../ring/slab.ts';

export interface RingQuery {
  readonly most: number;
  /** Only records with a smaller number. */
  readonly before?: number | undefined;
  /** Whether a source may hold what is wanted, and whether a document is. */
  fits(lane: Lane): boolean;
  matches?(document: string): boolean;
}

export interface RingResult {
  /** The latest first. */
  readonly entries: readonly SlabEntry[];
  /** Whether there is nothing older that is wanted. */
  readonly isEnd: boolean;
}

/** So many documents are looked at before others run: about a millisecond. */
const SLICE = 500;

/**
 * The last records of the ring that are wanted. It goes back through their numbers, a piece at a time: the whole hour at once
 * would hold Node-RED up. `signal` ends it with what it has.
 */
export async function searchRing(ring: RecordRing, query: RingQuery, signal?: AbortSignal): Promise<RingResult> {
  const { most, fits, matches } = query;
  const entries: SlabEntry[] = [];
  let before = Math.min(query.before ?? Number.POSITIVE_INFINITY, ring.lastNumber + 1);
  let span = SLICE;
  for (;;) {
    // What is dropped meanwhile is not missed: it was the oldest.
    const lanes = ring.lanes.filter((lane) => lane.slabs.length > 0 && fits(lane));
    const oldest = Math.min(...lanes.map(({ slabs }) => slabs[0]?.firstNumber ?? Number.POSITIVE_INFINITY));
    if (!(before > oldest)) return { entries, isEnd: true };
    const after = Math.max(oldest - 1, before - span - 1);
    const found = lanes.flatMap((lane) => lane.newest(SLICE, after, before));
    found.sort((one, other) => other.number - one.number);
    const looked = found.slice(0, SLICE);
    for (const { slab, place } of looked) {
      const entry = slab.read(place);
      if (matches?.(entry.document) === false) continue;
      entries.push(entry);
      if (entries.length >= most) return { entries, isEnd: false };
    }
    before = found.length < SLICE ? after + 1 : (looked.at(-1)?.number ?? after + 1);
    // A busy container pushed its lines out: of such a time there are few records.
    span = found.length < SLICE / 2 ? span * 2 : SLICE;
    await letOthersRun();
    if (signal?.aborted === true) return { entries, isEnd: false };
  }
}

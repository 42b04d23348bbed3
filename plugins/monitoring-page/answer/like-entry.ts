import type { RecordRing } from '../ring/record-ring.ts';
import type { SlabEntry } from '../ring/slab.ts';
import type { EntrySource } from './entry.ts';

/** A record of the ring as one of the list: it stands for itself alone. */
export function likeEntry(ring: Pick<RecordRing, 'nodeOf'>, entry: SlabEntry): EntrySource {
  const { document, number, shippedMs, node } = entry;
  return { document, number, shippedMs, node: ring.nodeOf(node), count: 1, firstMs: shippedMs };
}

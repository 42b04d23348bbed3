import { MOST_SERIES, type Step, type StepTable } from './step-table.ts';

/** A series in a slot: its sum, count, least and greatest value. */
const CELL_BYTES = 20;
/** What precedes them: the checksum of the rest, and the step. */
const HEAD_BYTES = 12;

/** A step with all series on disk. */
export const SLOT_BYTES = HEAD_BYTES + MOST_SERIES * CELL_BYTES;

/** The checksum of some bytes. */
export type Checksum = (bytes: Uint8Array) => number;

/** A step as it stands on disk. */
export function encodeSlot(table: StepTable, step: number, checksum: Checksum): Buffer {
  const slot = Buffer.alloc(SLOT_BYTES);
  slot.writeDoubleLE(step, 4);
  for (let series = 0; series < MOST_SERIES; series += 1) {
    const found = table.at(series, step);
    if (found === undefined) continue;
    const at = HEAD_BYTES + series * CELL_BYTES;
    slot.writeDoubleLE(found.sum, at);
    slot.writeUInt32LE(found.count, at + 8);
    slot.writeFloatLE(found.min, at + 12);
    slot.writeFloatLE(found.max, at + 16);
  }
  slot.writeUInt32LE(checksum(slot.subarray(4)), 0);
  return slot;
}

export interface DecodedSlot {
  readonly step: number;
  /** By the number of the series; those that were measured only. */
  readonly cells: readonly (readonly [number, Step])[];
}

/** What is in a slot; undefined where it is empty, torn or otherwise not what was written. */
export function decodeSlot(slot: Buffer, checksum: Checksum): DecodedSlot | undefined {
  if (slot.length < SLOT_BYTES || slot.readUInt32LE(0) !== checksum(slot.subarray(4, SLOT_BYTES))) return undefined;
  const step = slot.readDoubleLE(4);
  if (!Number.isSafeInteger(step) || step <= 0) return undefined;
  const cells: [number, Step][] = [];
  for (let series = 0; series < MOST_SERIES; series += 1) {
    const at = HEAD_BYTES + series * CELL_BYTES;
    const count = slot.readUInt32LE(at + 8);
    const [sum, min, max] = [slot.readDoubleLE(at), slot.readFloatLE(at + 12), slot.readFloatLE(at + 16)];
    if (count > 0 && [sum, min, max].every(Number.isFinite)) cells.push([series, { sum, count, min, max }]);
  }
  return { step, cells };
}

import { crc32c } from './crc32c.ts';
import { unsnappy, varint } from './unsnappy.ts';

/** A place in a table of LevelDB. */
interface Place {
  readonly offset: number;
  readonly size: number;
}

interface BlockEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** What a table says of a key. */
export interface TableEntry {
  readonly key: string;
  /** The later one of two that say something of the same key. */
  readonly order: number;
  /** Undefined where the key was removed. */
  readonly value: Buffer | undefined;
}

export interface TableContent {
  /** Whether every block is as it was written. */
  readonly isSound: boolean;
  /** What can still be read. */
  entries(): TableEntry[];
}

const FOOTER_BYTES = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
/** Behind each block: how it is packed, and its checksum. */
const TRAILER_BYTES = 5;
const MASK = 0xa282ead8;
const SNAPPY = 1;

/**
 * Looks at a table of LevelDB without it: it takes a table for sound, and a few bits that are not as they were written can
 * end the whole process in it. Every block carries a checksum.
 */
export function readTable(bytes: Buffer): TableContent {
  const footer = bytes.subarray(-FOOTER_BYTES);
  const meta = placeAt(footer, 0);
  const index = meta === undefined ? undefined : placeAt(footer, meta.end);
  const isTable = footer.length === FOOTER_BYTES && footer.subarray(-MAGIC.length).equals(MAGIC);
  const places = !isTable || index === undefined ? undefined : placesIn(bytes, index);
  const others = !isTable || meta === undefined ? undefined : placesIn(bytes, meta);
  const all = [...(places ?? []), ...(others ?? [])];
  const isSound = places !== undefined && others !== undefined && all.every((place) => isSoundBlock(bytes, place));
  return {
    isSound,
    entries: () => (places ?? []).flatMap((place) => (entriesIn(bytes, place) ?? []).flatMap(tableEntry)),
  };
}

/** The places that a block of places names; undefined where it cannot be read, or names none that can be. */
function placesIn(bytes: Buffer, place: Place): Place[] | undefined {
  const places = entriesIn(bytes, place)?.map(({ value }) => placeAt(value, 0));
  return places?.every((one) => one !== undefined) ? places : undefined;
}

function placeAt(bytes: Buffer, at: number): (Place & { readonly end: number }) | undefined {
  const offset = varint(bytes, at);
  const size = offset === undefined ? undefined : varint(bytes, offset.end);
  if (offset === undefined || size === undefined) return undefined;
  return { offset: offset.value, size: size.value, end: size.end };
}

function isSoundBlock(bytes: Buffer, { offset, size }: Place): boolean {
  const end = offset + size;
  if (end + TRAILER_BYTES > bytes.length) return false;
  const rotated = (bytes.readUInt32LE(end + 1) - MASK) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0 === crc32c(bytes, offset, end + 1);
}

/** The entries of a block, or undefined where it is not as it was written. */
function entriesIn(bytes: Buffer, place: Place): BlockEntry[] | undefined {
  if (!isSoundBlock(bytes, place)) return undefined;
  const packed = bytes.subarray(place.offset, place.offset + place.size);
  const block = bytes[place.offset + place.size] === SNAPPY ? unsnappy(packed) : packed;
  if (block === undefined || block.length < 4) return undefined;
  // At its end: places to begin to read at, and their number.
  const end = block.length - 4 - 4 * block.readUInt32LE(block.length - 4);
  const entries: BlockEntry[] = [];
  let key = Buffer.alloc(0);
  for (let at = 0; at < end; ) {
    const shared = varint(block, at);
    const own = shared && varint(block, shared.end);
    const length = own && varint(block, own.end);
    if (shared === undefined || own === undefined || length === undefined) return undefined;
    const valueAt = length.end + own.value;
    key = Buffer.concat([key.subarray(0, shared.value), block.subarray(length.end, valueAt)]);
    at = valueAt + length.value;
    entries.push({ key, value: block.subarray(valueAt, at) });
  }
  return entries;
}

/** LevelDB writes behind each key when it was changed, and whether it was set or removed. */
function tableEntry({ key, value }: BlockEntry): TableEntry[] {
  if (key.length < 8) return [];
  const mark = key.readBigUInt64LE(key.length - 8);
  const isSet = (mark & 0xffn) === 1n;
  const order = Number(mark >> 8n);
  return [{ key: key.toString('utf8', 0, key.length - 8), order, value: isSet ? value : undefined }];
}

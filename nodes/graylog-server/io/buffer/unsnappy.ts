/** The bytes of a block that LevelDB packed with Snappy, or undefined where it is not such a block. */
export function unsnappy(packed: Buffer): Buffer | undefined {
  const length = varint(packed, 0);
  // Nothing in a table comes near it: what says so is damaged.
  if (length === undefined || length.value > MAX_BYTES) return undefined;
  const out = Buffer.alloc(length.value);
  let at = length.end;
  let end = 0;
  while (at < packed.length) {
    const tag = packed[at] as number;
    const part = (tag & 3) === 0 ? literal(packed, at) : copy(packed, at);
    at = part.end;
    if (at > packed.length || end + part.length > out.length) return undefined;
    if (part.offset === 0) packed.copy(out, end, at - part.length, at);
    else if (part.offset > end) return undefined;
    // What is copied may overlap with what it is copied to.
    else for (let i = 0; i < part.length; i += 1) out[end + i] = out[end + i - part.offset] as number;
    end += part.length;
  }
  return end === out.length ? out : undefined;
}

const MAX_BYTES = 67_108_864;

interface Part {
  /** How far back its bytes stand; 0 where they follow the tag. */
  readonly offset: number;
  readonly length: number;
  /** Where the next tag is. */
  readonly end: number;
}

function literal(packed: Buffer, at: number): Part {
  const short = (packed[at] as number) >>> 2;
  const extra = Math.max(0, short - 59);
  const length = (extra === 0 ? short : little(packed, at + 1, extra)) + 1;
  return { offset: 0, length, end: at + 1 + extra + length };
}

function copy(packed: Buffer, at: number): Part {
  const tag = packed[at] as number;
  if ((tag & 3) === 1) {
    const offset = ((tag >>> 5) << 8) | little(packed, at + 1, 1);
    return { offset: offset || Number.POSITIVE_INFINITY, length: ((tag >>> 2) & 7) + 4, end: at + 2 };
  }
  const width = (tag & 3) === 2 ? 2 : 4;
  const offset = little(packed, at + 1, width);
  return { offset: offset || Number.POSITIVE_INFINITY, length: (tag >>> 2) + 1, end: at + 1 + width };
}

function little(bytes: Buffer, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i -= 1) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** A number of LevelDB's, seven bits in each byte, and where it ends; undefined where it does not end. */
export function varint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 8 && at + i < bytes.length; i += 1) {
    const byte = bytes[at + i] as number;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}

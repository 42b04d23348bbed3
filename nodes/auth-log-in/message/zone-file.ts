import { type OffsetAt, parseZoneRule } from './zone-rule.ts';

/** The file of a zone, such as `/etc/localtime` (RFC 8536, "TZif"). */

const HEADER_BYTES = 44;
/** No file has more changes of the clock, or more kinds of time. */
const MOST = 100_000;

interface Counts {
  readonly isUtc: number;
  readonly isStandard: number;
  readonly leaps: number;
  readonly times: number;
  readonly types: number;
  readonly characters: number;
}

/** What the file says. Undefined where it is no such file. Never throws. */
export function parseZoneFile(file: Uint8Array): OffsetAt | undefined {
  try {
    return parse(new DataView(file.buffer, file.byteOffset, file.byteLength));
  } catch {
    // It ends before it should.
    return undefined;
  }
}

function parse(view: DataView): OffsetAt | undefined {
  const first = countsAt(view, 0);
  if (first === undefined) return undefined;
  const isOld = view.getUint8(4) === 0;
  // From version 2 on the same comes again with times of 8 bytes, and then the rule for the time after them.
  const at = isOld ? 0 : HEADER_BYTES + bytesOf(first, 4);
  const counts = isOld ? first : countsAt(view, at);
  if (counts === undefined || counts.types === 0) return undefined;
  const timeBytes = isOld ? 4 : 8;
  const timesAt = at + HEADER_BYTES;
  const indexesAt = timesAt + counts.times * timeBytes;
  const typesAt = indexesAt + counts.times;
  const offsetOf = (type: number): number => view.getInt32(typesAt + type * 6) * 1000;
  const changes = Array.from({ length: counts.times }, (_, n) => ({
    atMs: Number(isOld ? view.getInt32(timesAt + n * 4) : view.getBigInt64(timesAt + n * 8)) * 1000,
    offset: offsetOf(view.getUint8(indexesAt + n)),
  }));
  const rule = isOld ? undefined : parseZoneRule(footerAt(view, timesAt + bytesOf(counts, 8)));
  const before = offsetOf(0);
  const lastMs = changes.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
  return (timeMs) => {
    if (rule !== undefined && timeMs >= lastMs) return rule(timeMs);
    return changes.findLast(({ atMs }) => atMs <= timeMs)?.offset ?? before;
  };
}

function countsAt(view: DataView, at: number): Counts | undefined {
  // "TZif"
  if (view.getUint32(at) !== 0x545a6966) return undefined;
  const count = (n: number): number => view.getUint32(at + 20 + 4 * n);
  const counts = {
    isUtc: count(0),
    isStandard: count(1),
    leaps: count(2),
    times: count(3),
    types: count(4),
    characters: count(5),
  };
  return Object.values(counts).every((one) => one <= MOST) ? counts : undefined;
}

/** How long what follows a header is, where a time has so many bytes. */
function bytesOf({ isUtc, isStandard, leaps, times, types, characters }: Counts, timeBytes: number): number {
  return times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4) + isStandard + isUtc;
}

/** The text between two newlines. */
function footerAt(view: DataView, at: number): string {
  let text = '';
  for (let index = at + 1; index < view.byteLength && view.getUint8(index) !== 10; index++) {
    text += String.fromCharCode(view.getUint8(index));
  }
  return text;
}

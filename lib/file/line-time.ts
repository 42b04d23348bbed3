/** Finds the time at the beginning of a line of syslog, in its bytes. */

const [BLANK, DASH, ONE, COLON, LESS, GREATER, T] = [32, 45, 49, 58, 60, 62, 84];

/** Where the time of a line begins, of which the bytes are those from `from` up to `end`: after a priority where there is one. */
export function timeAt(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] !== LESS) return from;
  for (let at = from + 2; at < from + 5 && at < end; at++) {
    if (bytes[at] === GREATER) return bytes[at + 1] === ONE && bytes[at + 2] === BLANK ? at + 3 : at + 1;
  }
  return end;
}

/** Where the time ends that stands at `at`: of RFC 3164 or RFC 3339. -1 where none does. */
export function timeEndAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 12 >= end) return -1;
  if (bytes[at + 9] === COLON && bytes[at + 12] === COLON && bytes[at + 3] === BLANK) return Math.min(at + 15, end);
  const isIso = bytes[at + 4] === DASH && bytes[at + 13] === COLON;
  if (!isIso || (bytes[at + 10] !== T && bytes[at + 10] !== BLANK)) return -1;
  let timeEnd = Math.min(at + 16, end);
  while (timeEnd < end && bytes[timeEnd] !== BLANK) timeEnd++;
  return timeEnd;
}

/** The pieces of a long line: of a terminal's line they follow one another bare, each with a stamp before it. */

/** What the engine cuts a line into, in bytes. */
export const PIECE = 16 * 1024;

/** A time stamp with nine decimals in UTC, and the space after it. */
export const STAMP = 31;

/** Podman reads a terminal in pieces of up to 4 KiB, in bytes; a shorter one cannot be told from text that holds a time. */
const SHORTEST_PIECE = 4_000;
const LONGEST_PIECE = 4_096;
const PODMAN_STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d) /;
const LONGEST_PODMAN_STAMP = 26;

/** The length of Podman's stamp at this place, with the space after it; 0 where there is none. */
function stampLengthAt(buffer: Buffer, at: number): number {
  return PODMAN_STAMP.exec(buffer.toString('latin1', at, at + LONGEST_PODMAN_STAMP))?.[0].length ?? 0;
}

/** As `endOfPiece`, of a line of Podman: the stamps of its pieces are in whole seconds, and may differ. */
function endOfPodmanPiece(buffer: Buffer, start: number, end: number): number | undefined {
  if (end - start <= SHORTEST_PIECE) return undefined;
  const length = stampLengthAt(buffer, start);
  if (length === 0) return undefined;
  const from = start + length + SHORTEST_PIECE;
  const to = Math.min(start + length + LONGEST_PIECE, end - 1);
  for (let at = from; at <= to; at += 1) if (stampLengthAt(buffer, at) > 0) return at;
  return undefined;
}

/** Where the piece of a terminal's line that begins at `start` ends, because another one follows; undefined where none does. */
export function endOfPiece(buffer: Buffer, start: number, end: number): number | undefined {
  const next = start + STAMP + PIECE;
  const isCut = next + STAMP <= end && buffer.compare(buffer, start, start + STAMP, next, next + STAMP) === 0;
  return isCut ? next : endOfPodmanPiece(buffer, start, end);
}

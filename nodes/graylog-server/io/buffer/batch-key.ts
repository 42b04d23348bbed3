/** The key of a batch on disk says all that is needed of it without reading it: its place, its size, its age. */
export interface BatchKey {
  readonly key: string;
  /** Its place in the order. */
  readonly sequence: number;
  /** Messages in it. */
  readonly count: number;
  /** Bytes that it takes. */
  readonly size: number;
  /** When it was written, ms since the epoch, by the clock named next. */
  readonly atMs: number;
  /** The id of the clock, 0 in batches of earlier versions. */
  readonly clock: number;
}

/** Half way up, so that batches can be put before the first one as well. */
export const FIRST_SEQUENCE = 2 ** 52;

/** From one batch to the next: room for those that are put between them. Billions of steps remain. */
export const SEQUENCE_STEP = 2 ** 16;

const DIGITS = 16;

export function batchKey(sequence: number, count: number, size: number, atMs: number, clock = 0): BatchKey {
  const key = `${String(sequence).padStart(DIGITS, '0')}:${count}:${size}:${atMs}:${clock}`;
  return { key, sequence, count, size, atMs, clock };
}

/** The parts of a key, or undefined where it is not one of ours. */
export function parseBatchKey(key: string): BatchKey | undefined {
  const parts = /^(\d{16}):(\d+):(\d+):(\d+)(?::(\d+))?$/.exec(key);
  if (parts === null) return undefined;
  const [sequence = 0, count = 0, size = 0, atMs = 0, clock = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return { key, sequence, count, size, atMs, clock };
}

/** A GELF document never holds a NUL: it is the one character that can stand between two of them. */
export const SEPARATOR = '\0';

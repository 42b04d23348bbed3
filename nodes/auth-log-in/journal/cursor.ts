/** Where an entry is in the journal, as its cursor says. https://systemd.io/JOURNAL_FILE_FORMAT/ has the same fields. */
export interface Cursor {
  /** The id of the numbering: one for all files that one journald wrote, until it had to begin anew. */
  readonly sequence: string;
  /** The entry's number in it. */
  readonly number: number;
}

const CURSOR = /^s=([0-9a-f]+);i=([0-9a-f]+)(?:;|$)/;

/** The parts of a cursor. Undefined where it is none. */
export function parseCursor(cursor: string | undefined): Cursor | undefined {
  const parts = CURSOR.exec(cursor ?? '');
  return parts === null ? undefined : { sequence: parts[1] ?? '', number: Number.parseInt(parts[2] ?? '', 16) };
}

/** The time of the entry of a cursor: `t=`, microseconds since the epoch in hexadecimal. Undefined where it has none. */
export function cursorMicros(cursor: string | undefined): number | undefined {
  const hex = /;t=([0-9a-f]+)/.exec(cursor ?? '')?.[1];
  return hex === undefined ? undefined : Number.parseInt(hex, 16);
}

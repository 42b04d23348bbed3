import { type KeyKind, kindOf } from '../../../lib/record-keys.ts';
import { fieldName } from './field-name.ts';

/** What the general way makes of a key; it alone deals with the keys of role `other`. */
export type Role = 'field' | 'message' | 'full' | 'host' | 'time' | 'level' | 'other';

/** The roles that a document must have, or gets a value for, as bits. */
export const SEEN = { message: 1, time: 2, host: 4, level: 8 } as const;

const ROLES: { readonly [key: string]: Role } = {
  message: 'message',
  full_message: 'full',
  host: 'host',
  time: 'time',
  level: 'level',
  short_message: 'other',
  timestamp: 'other',
  version: 'other',
};

const NAMES: { readonly [role in Role]?: string } = {
  message: 'short_message',
  full: 'full_message',
  host: 'host',
  time: 'timestamp',
  level: 'level',
};

/** Longer texts are rarely the same twice, and are not kept. */
const REMEMBERED_UNITS = 64;
/** Texts that changed so often in a row are ids: comparing them takes longer than it saves. */
const MAX_CHANGES = 100;

/** A key of payloads: how its field begins, and its text of last time. */
export class Column {
  readonly key: string;
  readonly role: Role;
  /** How its numbers are written. */
  readonly kind: KeyKind | undefined;
  /** A whole number of it is written as it is. */
  readonly isWhole: boolean;
  /** The bit of its role in `SEEN`, else 0. */
  readonly seen: number;
  /** Comma, name and colon. */
  readonly start: Uint8Array;
  /** The same with the opening quote of a text. */
  readonly textStart: Uint8Array;
  #text: string | undefined;
  /** The whole field with that text. */
  #field: Uint8Array | undefined;
  /** How often in a row the text was another one. */
  #changes = 0;

  constructor(key: string) {
    this.key = key;
    this.role = roleOf(key);
    this.kind = kindOf(key);
    this.isWhole = this.kind !== 'fraction';
    this.seen = (SEEN as { readonly [role: string]: number })[this.role] ?? 0;
    // The general way writes those of role `other`; such a key may be of any length.
    const start = this.role === 'other' ? '' : `,"${NAMES[this.role] ?? `_${key}`}":`;
    this.start = new TextEncoder().encode(start);
    this.textStart = new TextEncoder().encode(`${start}"`);
  }

  /** The field with this text where it is the one of last time, else undefined. */
  sameField(text: string): Uint8Array | undefined {
    if (text !== this.#text) return undefined;
    this.#changes = 0;
    return this.#field;
  }

  /** Keeps the field with a text, which lies in `bytes` from `from` up to `end`, so that it need not be put together again. */
  remember(text: string, bytes: Uint8Array, from: number, end: number): void {
    if (this.#changes >= MAX_CHANGES || text.length > REMEMBERED_UNITS) return;
    // One that is new is seldom there again: it gets its bytes once it is.
    if (text === this.#text) {
      // A slice of a Buffer is no copy.
      this.#field = new Uint8Array(bytes.subarray(from, end));
      return;
    }
    this.#changes += 1;
    this.#text = this.#changes < MAX_CHANGES ? text : undefined;
    this.#field = undefined;
  }
}

function roleOf(key: string): Role {
  if (Object.hasOwn(ROLES, key)) return ROLES[key] as Role;
  return fieldName(key) === key ? 'field' : 'other';
}

import { type KeyKind, kindOf } from '../../../lib/record-keys.ts';
import { fieldName } from './field-name.ts';
import { bytesOf } from './memory.ts';
import { type JoinCount, Piece } from './piece.ts';

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
/** So many texts of a key are remembered: a power of two. */
const SLOTS = 4;
/** Texts of which so many in a row were not remembered are ids: looking for them takes longer than it saves. */
const MOST_MISSES = 100;

/** Whole numbers below are constants of their own. */
const FEW_NUMBERS = 10;
const LEVELS = 8;

/** A key of payloads: how its field begins, and its texts of late. */
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
  readonly start: Piece;
  /** The same with the opening quote of a text. */
  readonly textStart: Piece;
  /** The whole fields of the first whole numbers; none where those need care. */
  readonly #numbers: readonly Piece[];
  readonly #texts: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  /** The whole fields with those texts, once each was there twice. */
  readonly #fields: (Piece | undefined)[] = new Array(SLOTS).fill(undefined);
  /** How many texts in a row were others. */
  #misses = 0;
  readonly #count: JoinCount;
  #last: string | undefined;
  #lastField: Piece | undefined;

  constructor(key: string, count: JoinCount) {
    this.key = key;
    this.role = roleOf(key);
    this.kind = kindOf(key);
    this.isWhole = this.kind !== 'fraction';
    this.seen = (SEEN as { readonly [role: string]: number })[this.role] ?? 0;
    // The general way writes those of role `other`; such a key may be of any length.
    const start = this.role === 'other' ? '' : `,"${NAMES[this.role] ?? `_${key}`}":`;
    const pieceOf = (text: string): Piece => new Piece(bytesOf(text), count);
    this.start = pieceOf(start);
    this.textStart = pieceOf(`${start}"`);
    this.#numbers = Array.from({ length: this.#fewNumbers }, (_, number) => pieceOf(`${start}${number}`));
    this.#count = count;
  }

  /** The field with this number where it is one of the first whole ones, else undefined. */
  numberField(value: number): Piece | undefined {
    return value >= 0 && value < FEW_NUMBERS && (value | 0) === value ? this.#numbers[value] : undefined;
  }

  /** The field with this text where it is one of late, else undefined. */
  sameField(text: string): Piece | undefined {
    if (text === this.#last) return this.#lastField;
    if (this.#misses >= MOST_MISSES || text === '') return undefined;
    const slot = slotOf(text);
    if (text !== this.#texts[slot]) return undefined;
    this.#misses = 0;
    this.#last = text;
    this.#lastField = this.#fields[slot];
    return this.#lastField;
  }

  /** Keeps the field with a text, which lies in `bytes` from `from` up to `end`, so that it need not be put together again. */
  remember(text: string, bytes: Uint8Array, from: number, end: number): void {
    if (this.#misses >= MOST_MISSES || text === '' || text.length > REMEMBERED_UNITS) return;
    const slot = slotOf(text);
    // One that is new is seldom there again: it gets its bytes once it is.
    if (text === this.#texts[slot]) {
      // A slice of a Buffer is no copy.
      this.#fields[slot] = new Piece(new Uint8Array(bytes.subarray(from, end)), this.#count);
      this.#lastField = this.#fields[slot];
      return;
    }
    this.#misses += 1;
    this.#texts[slot] = text;
    this.#fields[slot] = undefined;
    // What is not looked for any more must not keep the text that it was cut out of.
    if (this.#misses < MOST_MISSES) return;
    this.#texts.fill(undefined);
    this.#last = undefined;
  }

  get #fewNumbers(): number {
    if (this.role === 'level') return LEVELS;
    return this.role === 'field' && this.isWhole ? FEW_NUMBERS : 0;
  }
}

/** Words that take turns in a key mostly differ in their length, or in how they begin or end. */
function slotOf(text: string): number {
  return (text.length + text.charCodeAt(0) + text.charCodeAt(text.length - 1)) & (SLOTS - 1);
}

function roleOf(key: string): Role {
  if (Object.hasOwn(ROLES, key)) return ROLES[key] as Role;
  return fieldName(key) === key ? 'field' : 'other';
}

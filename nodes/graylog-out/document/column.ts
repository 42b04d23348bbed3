import { type KeyKind, kindOf } from '../../../lib/record-keys.ts';
import { fieldName } from './field-name.ts';

/** What the general way makes of a key; it alone deals with the keys of role `other`. */
export type Role = 'field' | 'message' | 'full' | 'host' | 'time' | 'level' | 'other';

/**
 * What stands before a field: something closed, or a text whose closing quote is still missing. Leaving the quote to what
 * follows spares one piece of text a field.
 */
export type Before = 0 | 1;
export const CLOSED = 0;
export const OPEN = 1;

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
  /** Comma, name and colon, after `CLOSED` and after `OPEN`. */
  readonly start: readonly [string, string];
  /** The same with the opening quote of a text. */
  readonly textStart: readonly [string, string];
  #text: string | undefined;
  #field: string | undefined;
  #before: Before = CLOSED;
  /** How often in a row the text was another one. */
  #changes = 0;

  constructor(key: string) {
    this.key = key;
    this.role = roleOf(key);
    this.kind = kindOf(key);
    this.isWhole = this.kind !== 'fraction';
    this.seen = (SEEN as { readonly [role: string]: number })[this.role] ?? 0;
    const start = `,"${NAMES[this.role] ?? `_${key}`}":`;
    this.start = [start, `"${start}`];
    this.textStart = [`${start}"`, `"${start}"`];
  }

  /** The field with this text where it is the one of last time, else undefined. */
  sameField(text: string, before: Before): string | undefined {
    if (text !== this.#text || before !== this.#before) return undefined;
    this.#changes = 0;
    this.#field ??= flatten(this.textStart[before] + text);
    return this.#field;
  }

  /** Keeps the text, so that its field need not be put together again. */
  remember(text: string, before: Before): void {
    if (this.#changes >= MAX_CHANGES || text.length > REMEMBERED_UNITS) return;
    this.#changes += 1;
    this.#text = this.#changes < MAX_CHANGES ? text : undefined;
    this.#field = undefined;
    this.#before = before;
  }
}

function roleOf(key: string): Role {
  if (Object.hasOwn(ROLES, key)) return ROLES[key] as Role;
  return fieldName(key) === key ? 'field' : 'other';
}

/** V8 keeps a concatenated text in pieces until a character is asked for, and joins the pieces at every use. */
function flatten(text: string): string {
  text.charCodeAt(0);
  return text;
}

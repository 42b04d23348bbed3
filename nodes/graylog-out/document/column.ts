import { type KeyKind, kindOf } from '../../../lib/record-keys.ts';
import { BATCHED } from './batch-texts.ts';
import { fieldName } from './field-name.ts';
import { bytesOf } from './memory.ts';

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

/** A key of payloads, and how its field begins. */
export class Column {
  readonly key: string;
  readonly role: Role;
  /** How its numbers are written. */
  readonly kind: KeyKind | undefined;
  /** A whole number of it is written as it is. */
  readonly isWhole: boolean;
  /** The bit of its role in `SEEN`, else 0. */
  readonly seen: number;
  /** The place of its text among those of a batch; -1 where it has none. */
  readonly batched: number;
  /** Comma, name and colon. */
  readonly start: Uint8Array;
  /** The same with the opening quote of a text. */
  readonly textStart: Uint8Array;

  constructor(key: string) {
    this.key = key;
    this.role = roleOf(key);
    this.kind = kindOf(key);
    this.isWhole = this.kind !== 'fraction';
    this.seen = (SEEN as { readonly [role: string]: number })[this.role] ?? 0;
    this.batched = BATCHED.indexOf(key);
    // The general way writes those of role `other`; such a key may be of any length.
    const start = this.role === 'other' ? '' : `,"${NAMES[this.role] ?? `_${key}`}":`;
    this.start = bytesOf(start);
    this.textStart = bytesOf(`${start}"`);
  }
}

function roleOf(key: string): Role {
  if (Object.hasOwn(ROLES, key)) return ROLES[key] as Role;
  return fieldName(key) === key ? 'field' : 'other';
}

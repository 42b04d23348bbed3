import { isBlank } from '../../../lib/blank.ts';
import { isFieldName } from '../../../lib/gelf-limits.ts';
import { readLevel, readTime } from '../../../lib/level-and-time.ts';
import type { NumberTexts } from '../../../lib/number-texts.ts';
import type { FieldValue } from '../../../lib/record.ts';
import { kindOf, numberText } from '../../../lib/record-keys.ts';
import type { Reason } from '../refusal.ts';
import { rawMembers } from './number-texts.ts';
import { readDocument } from './read.ts';

/** A record that was received: the keys of the contract as far as the document has them. */
export interface Received {
  readonly payload: { [key: string]: FieldValue };
  /** How numbers were written, where a number of JavaScript does not say it; undefined where there are none. */
  readonly numbers: NumberTexts | undefined;
  /** How far ahead of the receiver's clock its time is, in ms. */
  readonly aheadMs: number;
  /** Whether its time could not be used, and that of its arrival counts. */
  readonly isTimeless: boolean;
}

export interface ReadOptions {
  /** The name of the relay. */
  readonly relay: string;
  /** The id of the container that this runs in, where it runs in one. */
  readonly ownContainer: string | undefined;
}

/** As many as `graylog-out` sends. */
const MOST_FIELDS = 200;
/** More relays in a row are a loop of relays that change their names. */
const MOST_RELAYS = 16;
const MILLISECONDS_FROM = 1e11;
/** What a time in seconds may be off by in its milliseconds for the sake of the number alone. */
const ROUNDING_MS = 0.001;

/** Keys of a payload that are no additional fields: a field of such a name is kept under another one. */
const ENVELOPE = new Set(['message', 'short_message', 'full_message', 'time', 'timestamp', 'host', 'level', 'version']);

/**
 * The record of a GELF document, or why there is none. What Graylog's decoder takes is taken: any version, names without an
 * underscore, a time as text. `sender` is the address that it came from, which stands in for a host that is missing.
 */
export function receivedRecord(
  text: string,
  sender: string,
  nowMs: number,
  { relay, ownContainer }: ReadOptions,
): Received | Reason {
  const document = readDocument(text);
  if (document === undefined) return 'noObject';
  const { members, json } = document;
  const { host = sender } = members;
  if (typeof host !== 'string' || isBlank(host)) return 'badHost';
  const message = members.short_message === undefined ? members.message : members.short_message;
  if (typeof message !== 'string' || isBlank(message)) return 'noMessage';
  if (ownContainer !== undefined && members._container_id === ownContainer) return 'ownContainer';
  const relays = relaysOf(members._relay_host ?? members.relay_host, relay);
  if (relays === undefined) return 'loop';
  const timeMs = readTime(timeOf(members), Number.NaN);
  const isTimeless = Number.isNaN(timeMs);
  const payload: Received['payload'] = {
    message,
    time: new Date(isTimeless ? nowMs : timeMs).toISOString(),
    host,
    level: readLevel(members.level ?? members._level),
  };
  const full = members.full_message ?? members._full_message;
  if (typeof full === 'string' && full !== '') payload.full_message = full;
  const numbers = addFields(payload, members, json, isTimeless);
  payload.relay_host = relays;
  return { payload, numbers, aheadMs: isTimeless ? 0 : timeMs - nowMs, isTimeless };
}

type Members = { readonly [name: string]: unknown };

/** The relays that a record came through, this one last; undefined where it was here before. */
function relaysOf(before: unknown, relay: string): string | undefined {
  if (typeof before !== 'string' || before === '') return relay;
  const names = before.split(',');
  if (names.length >= MOST_RELAYS || names.includes(relay)) return undefined;
  return `${before},${relay}`;
}

function timeOf({ timestamp }: Members): unknown {
  return typeof timestamp === 'string' ? timestamp.trim() : timestamp;
}

/** Puts the additional fields into the payload. Gives the own texts of numbers that need it. */
function addFields(
  payload: Received['payload'],
  members: Members,
  json: string,
  isTimeless: boolean,
): NumberTexts | undefined {
  const texts = new OwnTexts(json);
  const stamp = members.timestamp;
  const isStamp = typeof stamp === 'number' && !isTimeless && stamp < MILLISECONDS_FROM;
  let count = 0;
  for (const name in members) {
    if (isStandard(name, members)) continue;
    const value = members[name];
    if (value === null || !isFieldName(name)) continue;
    count += 1;
    if (count > MOST_FIELDS) break;
    const key = freeKey(payload, name);
    if (typeof value === 'string') payload[key] = value;
    else if (typeof value === 'number') payload[key] = texts.numberOf(key, name, value);
    else payload[key] = typeof value === 'object' ? texts.of(name) : String(value);
  }
  if (isStamp && (texts.kept !== undefined || isFine(stamp))) texts.keepStamp();
  return texts.kept;
}

/** The texts of a document's members, looked for only where one is needed. */
class OwnTexts {
  readonly #json: string;
  #members: Map<string, string> | undefined;
  /** The texts that travel beside the record. */
  kept: { [key: string]: string } | undefined;

  constructor(json: string) {
    this.#json = json;
  }

  of(name: string): string {
    this.#members ??= rawMembers(this.#json);
    return this.#members.get(name) ?? '';
  }

  keepStamp(): void {
    this.#keep('timestamp', this.of('timestamp'));
  }

  /** A finite number for a key. Nearly every number is written as `graylog-out` would write it. */
  numberOf(key: string, name: string, value: number): number {
    const number = finite(value);
    const text = this.of(name);
    if (text !== numberText(kindOf(key), number)) this.#keep(key, text);
    return number;
  }

  #keep(key: string, text: string): void {
    this.kept ??= {};
    this.kept[key] = text;
  }
}

/** Whether a time in seconds has more than milliseconds. */
function isFine(seconds: number): boolean {
  const ms = seconds * 1000;
  return Math.abs(ms - Math.round(ms)) > ROUNDING_MS;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  return value > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
}

/** Whether a member is none of the additional fields: the plain ones win over those with an underscore. */
function isStandard(name: string, members: Members): boolean {
  switch (name) {
    case 'version':
    case 'host':
    case 'short_message':
    case 'full_message':
    case 'timestamp':
    case 'level':
    case '_relay_host':
    case 'relay_host':
      return true;
    case 'message':
      return members.short_message === undefined;
    case '_level':
      return members.level === undefined;
    case '_full_message':
      return members.full_message === undefined;
    default:
      return false;
  }
}

/** The key of a field: its name without underscore, with a dot as Graylog stores it, and none that is there already. */
function freeKey(payload: Received['payload'], name: string): string {
  let own = name.charCodeAt(0) === UNDERSCORE ? name.replace(LEADING, '') : name;
  if (own.includes('.')) own = own.replaceAll('.', '_');
  if (own === '' || ENVELOPE.has(own)) own = `field_${own}`;
  let key = own;
  for (let n = 2; Object.hasOwn(payload, key); n += 1) key = `${own}_${n}`;
  return key;
}

const UNDERSCORE = 95;
const LEADING = /^_+/;

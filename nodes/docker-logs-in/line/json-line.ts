import { isBlank } from '../../../lib/blank.ts';
import { asObject, type JsonObject } from '../../../lib/docker/json.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import { isLevelKey, levelOfJson } from './json-level.ts';
import { withoutEscapes } from './terminal.ts';

/** More fields than this are not taken from one line: an index has a limit of 1,000 for all of them. */
const MOST_FIELDS = 64;
/** More names than this are not taken from all lines of one container: it may think of new ones for ever. */
const MOST_NAMES = 200;
const MOST_LEVELS = 4;

/** A longer line stays text, in characters: it would cost as much as a thousand others. */
const LONGEST_LINE = 64 * 1024;

/** Graylog refuses a message with a longer field. */
const LONGEST_VALUE = 8_000;
const LONGEST_NAME = 100;

/** The words that loggers use for what a line says. */
const MESSAGE_KEYS = ['message', 'msg'];

/** What loggers put into each line by themselves. */
const ROUTINE_KEYS = new Set(
  'time timestamp ts @timestamp @t date asctime pid process hostname host v version @version name logger caller stream'.split(
    ' ',
  ),
);

/** An index would take the field of such a text for one of dates, and then lose each message whose text is none. */
const DATE = /^\d{4}[-/]\d\d/;

const PREFIX = 'json_';
const NUMBER_ENDING = '_number';
/** What has no room as a field of its own, as JSON. */
const REST = `${PREFIX}rest`;

type Leaf = string | number;

/**
 * The name of a field. What ends as the field of a number does gets another ending: a field has one type for ever,
 * whatever two loggers call theirs.
 */
function fieldName(path: string): string | undefined {
  const name = path
    .slice(0, LONGEST_NAME)
    .replace(/[^A-Za-z0-9_]/g, '_')
    .replace(/^_+/, '');
  if (name === '') return undefined;
  return name.endsWith(NUMBER_ENDING) || name === 'rest' ? `${PREFIX}${name}_text` : `${PREFIX}${name}`;
}

function leafText(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const cut = text.slice(0, LONGEST_VALUE);
  return DATE.test(cut) ? `"${cut}"` : cut;
}

function flatten(value: unknown, path: string, level: number, found: Map<string, Leaf>): void {
  if (found.size >= MOST_FIELDS || value === null || value === undefined) return;
  if (typeof value === 'number') {
    // 1e999 is JSON, and Infinity is no value of a record.
    if (Number.isFinite(value)) found.set(path, value);
  } else if (typeof value !== 'object' || Array.isArray(value) || level >= MOST_LEVELS)
    found.set(path, leafText(value));
  else for (const [key, inner] of Object.entries(value)) flatten(inner, `${path}_${key}`, level + 1, found);
}

/** What a line of JSON became. `blank`: it says nothing, and is as a blank line. */
export type JsonOutcome = 'text' | 'fields' | 'blank';

/** Reads the JSON lines of one container. */
export class JsonLines {
  /** The names that its fields have. */
  readonly #names = new Set<string>();

  /**
   * Where the text is a JSON object, puts its members into the record as `json_<name>`, always a text, and a number as
   * `json_<name>_number` beside it; nested names are joined with `_`. `message` or `msg` becomes the record's message, and
   * a level that is known the record's. A text that cannot be read so, for its depth or its length, leaves the record as
   * it is. Never throws.
   */
  read(record: InfraRecord, text: string): JsonOutcome {
    if (!text.startsWith('{') || text.length > LONGEST_LINE) return 'text';
    const found = new Map<string, Leaf>();
    let members: JsonObject;
    let messageKey: string | undefined;
    try {
      members = asObject(JSON.parse(text)) ?? {};
      messageKey = MESSAGE_KEYS.find((key) => isMessage(members[key]));
      if (messageKey === undefined && saysNothing(members)) return 'blank';
      for (const [key, value] of Object.entries(members)) if (key !== messageKey) flatten(value, key, 1, found);
    } catch {
      // JSON.stringify() overflows the stack below some thousand levels, which JSON.parse() does not.
      return 'text';
    }
    this.#addFields(record, found);
    record.level = levelOfJson(members) ?? record.level;
    if (messageKey !== undefined) record.message = withoutEscapes(String(members[messageKey]));
    return 'fields';
  }

  #addFields(record: InfraRecord, found: ReadonlyMap<string, Leaf>): void {
    const rest: { [path: string]: Leaf } = {};
    for (const [path, value] of found) {
      const name = fieldName(path);
      // Two keys may become one name, as `a.b` and `a_b` do.
      if (name === undefined || name in record || !this.#isRoomFor(name)) {
        rest[path] = value;
        continue;
      }
      record[name] = String(value);
      if (typeof value === 'number') record[`${name}${NUMBER_ENDING}`] = value;
    }
    const text = JSON.stringify(rest);
    if (text !== '{}') record[REST] = text.slice(0, LONGEST_VALUE);
  }

  #isRoomFor(name: string): boolean {
    if (this.#names.has(name)) return true;
    if (this.#names.size >= MOST_NAMES) return false;
    this.#names.add(name);
    return true;
  }
}

function isMessage(value: unknown): boolean {
  return typeof value === 'string' && !isBlank(withoutEscapes(value));
}

/** A logger that was told to write a blank line: there is a message, and nothing beside it but what is in each line. */
function saysNothing(members: JsonObject): boolean {
  const keys = Object.keys(members);
  return (
    keys.some((key) => MESSAGE_KEYS.includes(key) && typeof members[key] === 'string') &&
    keys.every((key) => MESSAGE_KEYS.includes(key) || ROUTINE_KEYS.has(key) || isLevelKey(key))
  );
}

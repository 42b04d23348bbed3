import { asObject, type JsonObject } from '../../../lib/docker/json.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import { isBlank } from './blank.ts';

/** More fields than this are not taken from one line: an index has a limit of 1,000 for all of them. */
const MOST_FIELDS = 64;
const MOST_LEVELS = 4;

/** Graylog refuses a message with a longer field. */
const LONGEST_VALUE = 8_000;

/** The words that loggers use for what a line says. */
const MESSAGE_KEYS = ['message', 'msg'];

function fieldName(path: string): string {
  return path.replace(/[^A-Za-z0-9_]/g, '_').replace(/^_+/, '');
}

function flatten(value: unknown, path: string, level: number, found: Map<string, string | number>): void {
  if (found.size >= MOST_FIELDS || value === null || value === undefined) return;
  if (typeof value === 'object') {
    if (Array.isArray(value) || level >= MOST_LEVELS) found.set(path, JSON.stringify(value).slice(0, LONGEST_VALUE));
    else for (const [key, inner] of Object.entries(value)) flatten(inner, `${path}_${key}`, level + 1, found);
  } else if (typeof value === 'number') {
    // 1e999 is JSON, and Infinity is no value of a record.
    if (Number.isFinite(value)) found.set(path, value);
  } else found.set(path, String(value).slice(0, LONGEST_VALUE));
}

/**
 * Where the text is a JSON object, puts its members into the record: nested names are joined with `_`, and what would
 * take the place of a field of the record's own begins with `json_`. `message` or `msg` becomes the record's message.
 * A text that cannot be read so, also for its depth, leaves the record as it is. Never throws.
 */
export function readJsonLine(record: InfraRecord, text: string): void {
  if (!text.startsWith('{')) return;
  const found = new Map<string, string | number>();
  let members: JsonObject;
  let messageKey: string | undefined;
  try {
    members = asObject(JSON.parse(text)) ?? {};
    messageKey = MESSAGE_KEYS.find((key) => isMessage(members[key]));
    for (const [key, value] of Object.entries(members)) if (key !== messageKey) flatten(value, key, 1, found);
  } catch {
    // JSON.stringify() overflows the stack below some thousand levels, which JSON.parse() does not.
    return;
  }
  for (const [path, value] of found) {
    const name = fieldName(path);
    if (name === '') continue;
    record[name in record || name === 'full_message' || name === 'id' ? `json_${name}` : name] = value;
  }
  if (messageKey !== undefined) record.message = String(members[messageKey]);
}

function isMessage(value: unknown): boolean {
  return typeof value === 'string' && !isBlank(value);
}

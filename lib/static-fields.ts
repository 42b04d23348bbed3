import type { ErrorCode } from './error-codes.ts';
import { explain, MonitoringError } from './errors.ts';
import type { Translate } from './status.ts';

/** Fields of a dialog, or of a variable, that every message gets. */
export type StaticFields = { readonly [name: string]: string | number };

/** What GELF and the envelope of a record have themselves, and names that Graylog keeps for itself. */
const TAKEN = new Set([
  ...['version', 'host', 'short_message', 'full_message', 'timestamp', 'level', 'id', 'source', 'message', 'streams'],
  ...['index', 'type', 'score', 'all', 'log_type', 'event_id', 'time'],
]);
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const PAIR = /^\s*([^=]*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?!["'])[^,]*?))\s*(?:,|$)/;
/** As many units as a field of Graylog may have bytes. */
const LONGEST_VALUE = 32_766;
const LONGEST_QUOTE = 40;

/**
 * The fields in `text`: `site=ams, role=db`, or a JSON object of texts, numbers and booleans; none where it is blank. What
 * stands behind `=` is always a text: Graylog's index takes the type of a field's first value for ever. A value with a comma
 * stands in quotation marks. Throws `FIELDS_NO_JSON`, `FIELD_NO_PAIR`, `FIELD_NAME`, `FIELD_NO_VALUE`, `FIELD_TWICE`.
 */
export function parseStaticFields(text: unknown): StaticFields {
  const trimmed = text === undefined || text === null ? '' : String(text).trim();
  if (trimmed === '') return {};
  return /^[{["]|^\d+$/.test(trimmed) ? fieldsOfJson(trimmed) : fieldsOfPairs(trimmed);
}

/** What is wrong with such a text, in words; undefined where nothing is. */
export function staticFieldsFault(text: unknown, translate: Translate): string | undefined {
  try {
    parseStaticFields(text);
    return undefined;
  } catch (error) {
    return explain(error, translate);
  }
}

/** The same fields, where each of them may stand in every record of a host. Throws `FIELD_NAME`. */
export function checkFieldNames(fields: StaticFields): StaticFields {
  for (const name of Object.keys(fields)) checkName(name);
  return fields;
}

function fieldsOfJson(text: string): StaticFields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw fault('FIELDS_NO_JSON', text);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw fault('FIELDS_NO_JSON', text);
  const fields: { [name: string]: string | number } = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value === 'string') fields[name] = value.slice(0, LONGEST_VALUE);
    else if (typeof value === 'number' && Number.isFinite(value)) fields[name] = value;
    else if (typeof value === 'boolean') fields[name] = String(value);
    else throw fault('FIELD_NO_VALUE', name);
  }
  return fields;
}

function fieldsOfPairs(text: string): StaticFields {
  const fields = new Map<string, string>();
  let rest = text.replace(/[,\s]+$/, '');
  while (rest !== '') {
    const pair = PAIR.exec(rest);
    if (pair === null) throw fault('FIELD_NO_PAIR', rest.split(',', 1)[0] ?? rest);
    const [whole, name = '', quoted, single, bare] = pair;
    const value = quoted?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '';
    checkName(name);
    if (value === '') throw fault('FIELD_NO_VALUE', name);
    if (fields.has(name)) throw fault('FIELD_TWICE', name);
    fields.set(name, value.slice(0, LONGEST_VALUE));
    rest = rest.slice(whole.length).trimStart();
  }
  return Object.fromEntries(fields);
}

function checkName(name: string): void {
  if (!NAME.test(name) || TAKEN.has(name)) throw fault('FIELD_NAME', name);
}

function fault(code: ErrorCode, text: string): MonitoringError {
  const shown = text.trim();
  return new MonitoringError(code, {
    text: shown.length > LONGEST_QUOTE ? `${shown.slice(0, LONGEST_QUOTE - 1)}…` : shown,
  });
}

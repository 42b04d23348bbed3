import { SPECIAL } from '../../../lib/gelf-encoder.ts';
import { fieldName } from './field-name.ts';
import { mayBeLarge, NUMBER_UNITS } from './shape.ts';
import { createStampWriter } from './time-stamp.ts';
import { clean, MAX_BYTES_PER_UNIT, MAX_FIELD_BYTES } from './value.ts';

export interface FlatOptions {
  /** The `host` of a msg that names none. */
  host: string;
  /** The largest document in bytes. */
  largestBytes: number;
  staticFields: { readonly [name: string]: string | number };
  /** More fields than this are left to the general way. */
  maxFields: number;
}

type Role = 'field' | 'message' | 'full' | 'host' | 'time' | 'level' | 'other';

/** What stands before a field: a text that waits for its closing quote, or anything else. */
type Before = 0 | 1;
const CLOSED = 0;
const OPEN = 1;

/** A key of payloads, and how its field begins. */
interface Column {
  readonly key: string;
  readonly role: Role;
  /** Comma, name, colon: after something closed, and after an open text. */
  readonly start: readonly [string, string];
  /** The same and the opening quote. */
  readonly textStart: readonly [string, string];
  /** The text seen last, and its field once it was seen twice in a row. */
  value: string | undefined;
  field: string | undefined;
  fieldBefore: Before;
  /** Times in a row that the text was another one. */
  changes: number;
}

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
const MAX_COLUMNS = 2_000;
/** Texts that changed so often in a row are ids: comparing them takes longer than it saves. */
const MAX_CHANGES = 100;
/** The longest text that is a field whatever its characters are. */
const FIELD_UNITS = Math.floor(MAX_FIELD_BYTES / MAX_BYTES_PER_UNIT);
/**
 * Writes records as the source nodes make them straight into GELF documents: flat, good names, plain values, far from any
 * limit. Undefined for every other payload, which `createShaper` and the encoder look at with care; where this one writes,
 * it writes what those two would (a property test holds them together), in a quarter of their time.
 */
export function createFlatWriter(options: FlatOptions): (payload: { [key: string]: unknown }) => string | undefined {
  const statics = Object.entries(options.staticFields);
  const writeStamp = createStampWriter();
  const columns = new Map<string, Column>();
  // Records of one kind have their keys in one order: asking the order of the last one spares asking the map.
  const order: Column[] = [];

  const columnOf = (key: string): Column => {
    const known = columns.get(key);
    if (known !== undefined) return known;
    const role = Object.hasOwn(ROLES, key) ? (ROLES[key] as Role) : fieldName(key) === key ? 'field' : 'other';
    const start = `,"${NAMES[role] ?? `_${key}`}":`;
    const column: Column = {
      key,
      role,
      start: [start, `"${start}`],
      textStart: [`${start}"`, `"${start}"`],
      value: undefined,
      field: undefined,
      fieldBefore: CLOSED,
      changes: 0,
    };
    if (columns.size < MAX_COLUMNS) columns.set(key, column);
    return column;
  };

  let staticText = '';
  for (const [name, value] of statics) {
    const column = columnOf(name);
    if (column.role !== 'field') return () => undefined;
    if (typeof value === 'string' && value.length > FIELD_UNITS) return () => undefined;
    staticText += column.start[CLOSED] + (typeof value === 'number' ? value : JSON.stringify(value));
  }
  const hostText = `,"host":${JSON.stringify(options.host)}`;

  return (payload) => {
    const prototype = Object.getPrototypeOf(payload);
    if (prototype !== Object.prototype && prototype !== null) return undefined;
    for (const [name] of statics) if (Object.hasOwn(payload, name)) return undefined;
    let text = '{"version":"1.1';
    // A text's closing quote is left to what follows: one piece less of each field.
    let before: Before = OPEN;
    let units = staticText.length + options.host.length;
    let fields = statics.length;
    let hasMessage = false;
    let hasHost = false;
    let hasTime = false;
    let hasLevel = false;
    // All values at once, in the order of the keys: asked for one by one, each is a look-up by name.
    const values = Object.values(payload);
    let index = 0;
    for (const key in payload) {
      let value = values[index];
      let column = order[index];
      if (column === undefined || column.key !== key) {
        column = columnOf(key);
        if (index < options.maxFields) order[index] = column;
      }
      index += 1;
      const { role } = column;
      if (value === undefined || value === null) {
        if (role === 'other') return undefined;
        continue;
      }
      if (typeof value === 'boolean') value = String(value);
      if (typeof value === 'number') {
        if (role === 'level') {
          if (!(Number.isInteger(value) && value >= 0 && value <= 7)) return undefined;
          hasLevel = true;
        } else if (role !== 'field') return undefined;
        if (!Number.isFinite(value)) continue;
        text += column.start[before] + value;
        before = CLOSED;
        units += key.length + NUMBER_UNITS;
      } else if (typeof value === 'string') {
        if (role === 'time') {
          const stamp = writeStamp(value);
          if (stamp === undefined) return undefined;
          text += column.start[before] + stamp;
          before = CLOSED;
          hasTime = true;
          continue;
        }
        if (role === 'level' || role === 'other') return undefined;
        if (value === column.value && before === column.fieldBefore) {
          column.field ??= flatten(column.textStart[before] + value);
          column.changes = 0;
          text += column.field;
          before = OPEN;
        } else if (role === 'full' && value === '') continue;
        else if (role === 'field' ? value.length > FIELD_UNITS : isUnclear(role, value)) return undefined;
        else if (SPECIAL.test(value)) {
          text += column.start[before] + JSON.stringify(clean(value));
          before = CLOSED;
        } else {
          remember(column, value, before);
          text += column.textStart[before] + value;
          before = OPEN;
        }
        if (role === 'message') hasMessage = true;
        else if (role === 'host') hasHost = true;
        units += key.length + value.length;
      } else return undefined;
      fields += 1;
    }
    if (!hasMessage || !hasTime || fields > options.maxFields) return undefined;
    if (mayBeLarge(units, fields, options.largestBytes)) return undefined;
    if (before === OPEN) text += '"';
    if (!hasHost) text += hostText;
    if (!hasLevel) text += ',"level":6';
    return `${text + staticText}}`;
  };
}

function remember(column: Column, value: string, before: Before): void {
  if (column.changes >= MAX_CHANGES || value.length > REMEMBERED_UNITS) return;
  column.changes += 1;
  column.value = column.changes < MAX_CHANGES ? value : undefined;
  column.field = undefined;
  column.fieldBefore = before;
}

/** A text put together of pieces stays in pieces until somebody asks for a character, and is put together at every use. */
function flatten(text: string): string {
  text.charCodeAt(0);
  return text;
}

/** A message that is blank, or a host's name with blanks around it or longer than a field. */
function isUnclear(role: Role, value: string): boolean {
  const trimmed = value.trim();
  return role === 'host' ? trimmed !== value || value === '' || value.length > FIELD_UNITS : trimmed === '';
}

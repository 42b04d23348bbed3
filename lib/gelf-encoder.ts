import { type NumberTexts, ownText } from './number-texts.ts';
import { type KeyKind, kindOf, numberText } from './record-keys.ts';
import { visible } from './visible.ts';

/** A GELF message before it is text: standard fields by their GELF names, additional fields without the underscore. */
export interface GelfFields {
  short_message: string;
  host: string;
  /** Seconds since the epoch, with milliseconds. */
  timestamp: number;
  level: number;
  full_message?: string | undefined;
  [field: string]: string | number | undefined;
}

const STANDARD = new Set(['short_message', 'host', 'timestamp', 'level', 'full_message']);

/** What JSON writes differently from how it stands in the text, and what `visible()` does. */
export const SPECIAL =
  /[^ !#-[\]-~\u00a0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\uffff]/;

const BARE_CONTROLS = /[\u007f-\u009f]/g;

/**
 * The long text of a message as JSON. JSON itself writes out the controls up to U+001F alone: with the others, a document in a
 * file would steer the terminal that shows it.
 */
export function longText(text: string): string {
  return JSON.stringify(text).replace(BARE_CONTROLS, (control) => `\\u00${control.charCodeAt(0).toString(16)}`);
}

interface Column {
  /** Comma, name and colon. */
  readonly start: string;
  readonly kind: KeyKind | undefined;
  /** Only the long text of a message keeps its lines. */
  readonly isLong: boolean;
}

/**
 * An encoder of GELF 1.1 documents (https://go2docs.graylog.org/current/getting_in_log_data/gelf.html). The fields must
 * be checked already: well-formed text and finite numbers. A number is written as the kind of its field wants it, and what
 * steers a terminal is written out in every text but `full_message`. Otherwise it is what gelf-pro's own
 * `getStringFromObject` writes for such fields; that one walks every value through a chain of lodash calls and takes eight
 * times as long.
 */
export function createEncoder(): (fields: GelfFields, numbers?: NumberTexts) => string {
  // Hosts send the same few dozen keys for ever; a limit keeps a user's own msgs from growing the table.
  const columns = new Map<string, Column>();
  const columnOf = (key: string): Column => {
    const known = columns.get(key);
    if (known !== undefined) return known;
    const start = `,${JSON.stringify(STANDARD.has(key) ? key : `_${key}`)}:`;
    const column = { start, kind: kindOf(key), isLong: key === 'full_message' };
    if (columns.size < 2000) columns.set(key, column);
    return column;
  };
  return (fields, numbers) => {
    let document = '{"version":"1.1"';
    for (const key in fields) {
      const value = fields[key];
      if (value === undefined) continue;
      const { start, kind, isLong } = columnOf(key);
      if (typeof value === 'number') document += start + textOf(key, kind, value, numbers);
      else if (!SPECIAL.test(value)) document += `${start}"${value}"`;
      else document += start + (isLong ? longText(value) : JSON.stringify(visible(value)));
    }
    return `${document}}`;
  };
}

function textOf(key: string, kind: KeyKind | undefined, value: number, numbers: NumberTexts | undefined): string {
  return (numbers && ownText(numbers, key, value)) ?? numberText(kind, value);
}

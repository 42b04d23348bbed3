import { strictJson } from './lenient-json.ts';

/** A document as JSON has it: its members, and its text where that is one. */
export interface Parsed {
  readonly members: { readonly [name: string]: unknown };
  /** JSON, from which the own texts of numbers can be read. */
  readonly json: string;
}

const BYTE_ORDER_MARK = 0xfeff;
const OBJECT = /^[ \t\r\n]*\{/;

/**
 * Reads a document as Graylog does: JSON, else what its decoder takes beside it. Undefined where it is no
 * object.
 */
export function readDocument(text: string): Parsed | undefined {
  const json = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  // What is nested deep is read for long, only to be refused.
  if (!OBJECT.test(json)) return undefined;
  const strict = parse(json);
  if (strict !== undefined) return objectOf(strict.value, json);
  const repaired = strictJson(json);
  const lenient = repaired === json ? undefined : parse(repaired);
  return lenient === undefined ? undefined : objectOf(lenient.value, repaired);
}

function parse(json: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) };
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown, json: string): Parsed | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return { members: value as Parsed['members'], json };
}

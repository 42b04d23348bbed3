import { type KeyKind, kindOf, RECORD_KEYS } from '../record-keys.ts';

/** What the dialogs know of the fields of records: those of the table, and what was seen of each in the last hour. */

export interface KnownField {
  readonly name: string;
  /** Undefined for a field of a user's own whose name does not say it. */
  readonly kind: KeyKind | undefined;
  /** The kinds of records that have it, as `log_type` names them. */
  readonly logTypes: readonly string[];
  /** Values that were seen, the last one first, as text. */
  readonly values: readonly string[];
  /** As the key of an alert, nearly every record would be an alert of its own. */
  readonly hasManyValues: boolean;
}

/** What Node-RED's Status and Catch nodes say, as an alert reads it. */
const NODE_KEYS = ['node_id', 'node_type', 'node_name', 'node_state', 'error_code', 'error_message'];
const NODE_LOG_TYPE = 'node_status';

const TABLE: ReadonlyMap<string, readonly string[]> = logTypesOfKeys();

/** Texts that are different in nearly every record. */
const MANY = new Set(
  `message full_message time event_id process_id source_port connection_id session_id created command container_id
  http_response_body process_command_line alert_id alert_since error_message`.split(/\s+/),
);
/** As many different values among the last ones: there will be more. */
const MANY_SEEN = 20;
const MOST_OFFERED = 12;

/** The fields of the table and those that were seen. `answer` is that of the route `values`; undefined where there is none. */
export function knownFields(answer?: unknown): KnownField[] {
  const seen = parseSeen(answer);
  const names = new Set([...TABLE.keys(), ...seen.keys()]);
  return [...names].map((name) => {
    const kind = kindOf(name);
    const { values = [], logTypes = [] } = seen.get(name) ?? {};
    const isMeasured = kind === 'fraction' || /_(?:bytes|seconds|count)$/.test(name);
    return {
      name,
      kind,
      logTypes: [...new Set([...(TABLE.get(name) ?? []), ...logTypes])],
      values,
      hasManyValues: MANY.has(name) || isMeasured || values.length >= MANY_SEEN,
    };
  });
}

/**
 * The fields to offer for what is typed, best first: names that begin with it, then names that have it; among these what
 * flows into the node first, then what was seen at all. All of them where nothing is typed.
 */
export function findFields(fields: readonly KnownField[], typed: string, flowing: readonly string[]): KnownField[] {
  const wanted = typed.trim().toLowerCase();
  const rank = ({ name, logTypes, values }: KnownField): number =>
    (name.startsWith(wanted) ? 0 : 8) +
    (flowing.length === 0 || logTypes.some((type) => flowing.includes(type)) ? 0 : 4) +
    (values.length > 0 ? 0 : 2) +
    (logTypes.includes('envelope') ? 1 : 0);
  const found = fields.filter(({ name }) => name.toLowerCase().includes(wanted));
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_OFFERED);
}

interface Seen {
  readonly values: readonly string[];
  readonly logTypes: readonly string[];
}

function parseSeen(answer: unknown): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const [name, value] of entriesOf(Reflect.get(Object(answer), 'fields'))) {
    const { values, log_types: logTypes } = Object(value) as { values?: unknown; log_types?: unknown };
    seen.set(name, { values: textsOf(values), logTypes: textsOf(logTypes) });
  }
  return seen;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function logTypesOfKeys(): Map<string, string[]> {
  const table = new Map<string, string[]>();
  const add = (name: string, logType: string): void => {
    table.set(name, [...(table.get(name) ?? []), logType]);
  };
  for (const [logType, keys] of Object.entries(RECORD_KEYS)) for (const name of Object.keys(keys)) add(name, logType);
  for (const name of NODE_KEYS) add(name, NODE_LOG_TYPE);
  return table;
}

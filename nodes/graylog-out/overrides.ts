import { parsePort } from '../../lib/port.ts';

/** What a flow sets for one msg. */
export interface Overrides {
  readonly port?: number | undefined;
  /** Keys that come before the payload's; undefined where there are none. */
  readonly fields?: object;
}

const NONE: Overrides = {};
/** Far more than a message has fields. */
const MOST_KEYS = 1_000;
/** Longer than any port, and than the blanks that somebody leaves around it. */
const PORT_UNITS = 20;

/** Reads `msg.gelf`. A port that is none counts as not set, and so does a list or a buffer. */
export function parseOverrides(gelf: unknown): Overrides {
  if (typeof gelf !== 'object' || gelf === null || Array.isArray(gelf) || ArrayBuffer.isView(gelf)) return NONE;
  const own = gelf as { readonly [key: string]: unknown };
  const keys = Object.keys(own).filter((key) => key !== 'port');
  const fields = Object.fromEntries(keys.slice(0, MOST_KEYS).map((key) => [key, own[key]]));
  return { port: portOf(own.port), ...(keys.length > 0 ? { fields } : {}) };
}

/** The text of a list of lists may be without end. */
function portOf(port: unknown): number | undefined {
  const isPort = typeof port === 'number' || (typeof port === 'string' && port.length <= PORT_UNITS);
  return isPort ? parsePort(port) : undefined;
}

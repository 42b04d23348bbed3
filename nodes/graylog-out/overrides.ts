import { parsePort } from '../../lib/port.ts';

/** What a flow sets for one msg. */
export interface Overrides {
  readonly port?: number | undefined;
  /** Keys that come before the payload's; undefined where there are none. */
  readonly fields?: object;
}

const NONE: Overrides = {};

/** Reads `msg.gelf`. A port that is none counts as not set. */
export function parseOverrides(gelf: unknown): Overrides {
  if (typeof gelf !== 'object' || gelf === null) return NONE;
  const { port, ...fields } = gelf as { port?: unknown };
  return { port: parsePort(port), ...(Object.keys(fields).length > 0 ? { fields } : {}) };
}

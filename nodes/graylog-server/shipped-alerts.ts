import type { GelfFields } from '../../lib/gelf-encoder.ts';
import { Severity } from '../../lib/record.ts';

/** An alert that Graylog was told of as firing, and not as resolved. */
export interface ShippedAlert {
  /** The id of the `alert` node. */
  readonly node: string;
  /** The document of its last record. */
  readonly document: string;
  readonly port?: number | undefined;
}

export interface SavedAlerts {
  readonly alerts: readonly (readonly [alertId: string, alert: ShippedAlert])[];
}

/** More alerts than a host has at once; the oldest are forgotten first. */
const MOST_ALERTS = 2_000;
const LONGEST_DOCUMENT = 65_536;

/**
 * The alerts that were shipped as firing: where their node is deleted or disabled nobody else would ever say that they are over.
 */
export class ShippedAlerts {
  readonly #alerts: Map<string, ShippedAlert>;

  constructor(saved?: SavedAlerts) {
    this.#alerts = new Map(saved?.alerts);
  }

  get saved(): SavedAlerts {
    return { alerts: [...this.#alerts] };
  }

  /** A document of an alert was shipped. Whether that changed what is known. */
  note(alert: ShippedAlert): boolean {
    if (alert.document.length > LONGEST_DOCUMENT) return false;
    const { _alert_id: id, _alert_state: state, _alert_test: test } = fieldsOf(alert.document);
    if (typeof id !== 'string' || id === '' || test === 1) return false;
    const wasKnown = this.#alerts.delete(id);
    if (state !== 'firing') return wasKnown;
    this.#alerts.set(id, alert);
    for (const oldest of this.#alerts.keys()) {
      if (this.#alerts.size <= MOST_ALERTS) break;
      this.#alerts.delete(oldest);
    }
    return true;
  }

  /** The ends of those whose node does not run any more; each is given once. `nowMs`: ms since the epoch. */
  endsOf(
    isRunning: (node: string) => boolean,
    message: (subject: string) => string,
    nowMs: number,
  ): { fields: GelfFields; port: number | undefined }[] {
    const gone = [...this.#alerts].filter(([, { node }]) => !isRunning(node));
    return gone.map(([id, { document, port }]) => {
      this.#alerts.delete(id);
      return { fields: endOf(fieldsOf(document), message, nowMs), port };
    });
  }
}

function endOf(
  document: { readonly [key: string]: unknown },
  message: (subject: string) => string,
  nowMs: number,
): GelfFields {
  const fields: { [key: string]: string | number } = {};
  for (const [key, value] of Object.entries(document)) {
    if (key.startsWith('_') && (typeof value === 'string' || typeof value === 'number')) fields[key.slice(1)] = value;
  }
  const { alert_reminder: _reminder, alert_value: _value, ...kept } = fields;
  const sinceMs = Date.parse(String(fields.alert_since));
  const subject = [fields.alert_name, fields.alert_key].filter((word) => word !== undefined).join(', ');
  return {
    ...kept,
    short_message: message(subject),
    host: String(document.host ?? ''),
    timestamp: nowMs / 1000,
    level: Severity.notice,
    // As the `alert` and `notify` call the end of this alert.
    event_id: `${fields.alert_id}-resolved`,
    alert_state: 'resolved',
    ...(!Number.isNaN(sinceMs) && { alert_duration_seconds: Math.max(0, nowMs - sinceMs) / 1000 }),
  };
}

function fieldsOf(document: string): { readonly [key: string]: unknown } {
  try {
    const parsed: unknown = JSON.parse(document);
    return typeof parsed === 'object' && parsed !== null ? (parsed as { [key: string]: unknown }) : {};
  } catch {
    return {};
  }
}

/** What a state file holds; undefined for anything else. */
export function parseShippedAlerts(value: unknown): SavedAlerts | undefined {
  const { alerts } = (typeof value === 'object' && value !== null ? value : {}) as { alerts?: unknown };
  if (!Array.isArray(alerts)) return undefined;
  return {
    alerts: alerts.flatMap((pair: unknown) => {
      const [id, alert] = (Array.isArray(pair) ? pair : []) as unknown[];
      const { node, document, port } = (typeof alert === 'object' && alert !== null ? alert : {}) as {
        [name: string]: unknown;
      };
      if (typeof id !== 'string' || typeof node !== 'string' || typeof document !== 'string') return [];
      return [[id, { node, document, ...(Number.isInteger(port) && { port: Number(port) }) }] as const];
    }),
  };
}

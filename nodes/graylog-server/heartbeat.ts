import type { GelfFields } from '../../lib/gelf-encoder.ts';
import { Severity } from '../../lib/record.ts';
import type { StaticFields } from '../../lib/static-fields.ts';

export interface Health {
  received: number;
  sent: number;
  dropped: number;
  retried: number;
  buffered: number;
  lagMs: number;
  /** Since the flows of this Node-RED started. */
  uptimeMs: number;
  packageVersion: string;
  nodeRedVersion: string;
  /** Messages dropped since the last heartbeat. */
  newlyDropped: number;
}

/**
 * The contract's `heartbeat` record as a GELF message, with the server's static fields: a warning when something was dropped.
 * `nowMs`: ms since the epoch.
 */
export function heartbeat(health: Health, host: string, nowMs: number, staticFields: StaticFields = {}): GelfFields {
  const { received, sent, buffered, dropped, retried, lagMs, uptimeMs, newlyDropped } = health;
  const fields: GelfFields = {
    short_message: `${received} records received, ${sent} sent, ${buffered} waiting, ${dropped} dropped`,
    host,
    timestamp: nowMs / 1000,
    level: newlyDropped > 0 ? Severity.warning : Severity.info,
    log_type: 'heartbeat',
    event_id: `heartbeat-${host}-${nowMs}`,
    records_received: received,
    records_sent: sent,
    records_buffered: buffered,
    records_dropped: dropped,
    records_retried: retried,
    delivery_lag_ms: lagMs,
    sender_uptime_seconds: Math.round(uptimeMs) / 1000,
    package_version: health.packageVersion,
    node_red_version: health.nodeRedVersion,
  };
  return { ...fields, ...staticFields, ...fields };
}

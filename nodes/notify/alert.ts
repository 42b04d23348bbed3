import { MonitoringError } from '../../lib/errors.ts';
import { hasUnit } from '../../lib/figure-text.ts';
import type { FieldValue } from '../../lib/record.ts';
import { clean, cleanLine, cut } from './text/clean.ts';

/** The worst first. */
export const ALERT_SEVERITIES = ['critical', 'error', 'warning', 'notice'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

export type AlertRecord = { readonly [key: string]: FieldValue };

/** What a msg says of an alert. It is plain data: so it is kept over a restart. */
export interface Alert {
  /** The record of the contract, with nothing in it that steers, and cut to a bound. */
  readonly record: AlertRecord;
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  /** No sound is wanted. */
  readonly isQuiet: boolean;
  /** The id of the `alert` node that says it; undefined for a msg made by hand. */
  readonly node?: string;
  /** In ms since the epoch. */
  readonly arrivedMs: number;
  /** Its rule is gone: so it will never be said to be over. */
  readonly isRemoved?: true;
}

const MOST_KEYS = 80;
const MOST_CHARACTERS = 2_000;

interface AlertMsg {
  readonly payload?: unknown;
  readonly alert_quiet?: unknown;
  readonly alert_node?: unknown;
}

/**
 * The alert of a msg. Of a record made by hand only `alert_state` and one of `alert_name`, `alert_id` and `message` are needed.
 * Throws `NO_ALERT_RECORD`.
 */
export function alertOf(msg: AlertMsg, nowMs: number): Alert {
  const record = flatRecord(msg.payload);
  const state = record?.alert_state;
  if (record === undefined || (state !== 'firing' && state !== 'resolved'))
    throw new MonitoringError('NO_ALERT_RECORD');
  const { alert_name: name, alert_id: own, message, alert_key: key } = record;
  if (name === undefined && own === undefined && message === undefined) throw new MonitoringError('NO_ALERT_RECORD');
  const id = textOf(record, 'alert_id') || JSON.stringify([name ?? message ?? '', key ?? '']);
  return {
    record,
    id: cut(id, 500),
    state,
    isQuiet: msg.alert_quiet === true,
    ...(typeof msg.alert_node === 'string' ? { node: msg.alert_node } : {}),
    arrivedMs: nowMs,
  };
}

/** The alert of an earlier run; undefined for anything else. */
export function parseAlert(value: unknown): Alert | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { record, id, state, isQuiet, node, arrivedMs, isRemoved } = value as { [name: string]: unknown };
  const kept = flatRecord(record);
  if (kept === undefined || typeof id !== 'string' || (state !== 'firing' && state !== 'resolved')) return undefined;
  if (typeof arrivedMs !== 'number' || !Number.isFinite(arrivedMs)) return undefined;
  return {
    record: kept,
    id,
    state,
    isQuiet: isQuiet === true,
    ...(typeof node === 'string' ? { node } : {}),
    arrivedMs,
    ...(isRemoved === true ? { isRemoved } : {}),
  };
}

function flatRecord(payload: unknown): AlertRecord | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const record: { [key: string]: FieldValue } = {};
  let keys = 0;
  for (const [key, value] of Object.entries(payload)) {
    const kept = fieldOf(value);
    if (kept === undefined) continue;
    keys += 1;
    if (keys > MOST_KEYS && !key.startsWith('alert_')) continue;
    // A key of this name would set the prototype.
    if (key !== '__proto__') record[cut(cleanLine(key), 100)] = kept;
  }
  return record;
}

function fieldOf(value: unknown): FieldValue | undefined {
  if (typeof value === 'string') return cut(clean(value), MOST_CHARACTERS);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** A text of the record on one line; empty where there is none. */
export function textOf(record: AlertRecord, key: string): string {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return value === undefined ? '' : cleanLine(String(value));
}

/** A finite number of the record, or undefined. */
export function numberOf(record: AlertRecord, key: string): number | undefined {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** How bad it is; `error` where the record does not say. */
export function severityOf({ record }: Alert): AlertSeverity {
  return ALERT_SEVERITIES.find((severity) => severity === record.alert_severity) ?? 'error';
}

/** Whether `severity` is as bad as `least`, or worse. */
export function isAtLeast(severity: AlertSeverity, least: AlertSeverity): boolean {
  return ALERT_SEVERITIES.indexOf(severity) <= ALERT_SEVERITIES.indexOf(least);
}

export const isTest = ({ record }: Alert): boolean => numberOf(record, 'alert_test') === 1;

export const reminderOf = ({ record }: Alert): number => numberOf(record, 'alert_reminder') ?? 0;

/** When it began, in ms since the epoch: never later than it came. */
export function sinceMs({ record, arrivedMs }: Alert): number {
  const parsed = Date.parse(textOf(record, 'alert_since'));
  return Number.isNaN(parsed) ? arrivedMs : Math.min(parsed, arrivedMs);
}

/** How long it has been so, in seconds, at least 0. */
export function durationSeconds(alert: Alert): number {
  const { record, arrivedMs } = alert;
  return Math.max(0, numberOf(record, 'alert_duration_seconds') ?? (arrivedMs - sinceMs(alert)) / 1000);
}

/**
 * The key that `alert_value` was taken from: its name ends in the unit. The record has it beside, with the same value; of
 * a key that is not there nobody knows the unit.
 */
export function valueKeyOf({ record }: Alert): string {
  const value = numberOf(record, 'alert_value');
  const keys = Object.keys(record).filter((key) => !key.startsWith('alert_') && hasUnit(key));
  return (value === undefined ? undefined : keys.find((key) => record[key] === value)) ?? 'alert_value';
}

import type { Transition } from './alert-log.ts';
import type { KeptRecord } from './kept-records.ts';

export type SavedRecord = Omit<KeptRecord, 'number'>;

/** What stands in a line of the history's file. */
export type HistoryLine = { readonly alert: Transition } | { readonly record: SavedRecord };

type Checksum = (text: string) => number;

/** A line: a checksum, a blank, JSON. A line that was cut by a power failure is none. */
export function encodeLine(line: HistoryLine, checksum: Checksum): string {
  const json = JSON.stringify(line);
  return `${checksum(json).toString(16)} ${json}\n`;
}

/** Undefined for what is no line, or not what was written. */
export function decodeLine(text: string, checksum: Checksum): HistoryLine | undefined {
  const at = text.indexOf(' ');
  const json = text.slice(at + 1);
  if (at <= 0 || checksum(json).toString(16) !== text.slice(0, at)) return undefined;
  try {
    return parseLine(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function parseLine(value: unknown): HistoryLine | undefined {
  const { alert, record } = membersOf(value);
  const transition = membersOf(alert);
  const isTransition =
    ['id', 'name', 'key', 'severity'].every((key) => typeof transition[key] === 'string') &&
    (transition.state === 'firing' || transition.state === 'resolved') &&
    isTime(transition.sinceMs) &&
    isTime(transition.atMs);
  if (isTransition) return { alert: alert as Transition };
  const saved = membersOf(record);
  const isRecord =
    typeof saved.document === 'string' &&
    typeof saved.node === 'string' &&
    [saved.shippedMs, saved.firstMs, saved.count].every(isTime);
  return isRecord ? { record: record as SavedRecord } : undefined;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function membersOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}

import { recordOfFields } from '../../../lib/gelf-record.ts';
import { likeness, subjectOf } from '../history/matters.ts';
import { plainText } from './plain-text.ts';

export type Fields = { readonly [key: string]: unknown };

/** A line of the list. */
export interface Row {
  readonly number: number;
  readonly shippedMs: number;
  /** How many are alike, and when the first of them was shipped. */
  readonly count: number;
  readonly firstMs: number;
  /** The id of the node that shipped it. */
  readonly node: string;
  /** A short word for its kind: a key of the words. */
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly weight: 'bad' | 'warning' | 'plain';
  readonly likeness: string;
  readonly record: Fields;
}

const KINDS: { readonly [logType: string]: string } = {
  docker_event: 'event',
  docker_log: 'logs',
  auth: 'auth',
  disk: 'disk',
  uptime: 'host',
  http_check: 'http',
  heartbeat: 'sent',
  alert: 'alert',
  filter: 'filter',
};
const LONGEST_TEXT = 500;

/** What the server sends of a record: `[number, shippedMs, node, count, firstMs, document or record]`. */
export function rowOf(entry: unknown): Row | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [number, shippedMs, node, count, firstMs, given] = entry as unknown[];
  if (typeof number !== 'number' || typeof shippedMs !== 'number' || typeof given !== 'object' || given === null)
    return undefined;
  const record: Fields = 'short_message' in given ? recordOfFields(given) : (given as Fields);
  const [first = ''] = String(record.message ?? '').split('\n');
  return {
    number,
    shippedMs,
    node: String(node),
    count: typeof count === 'number' ? count : 1,
    firstMs: typeof firstMs === 'number' ? firstMs : shippedMs,
    kind: KINDS[String(record.log_type)] ?? 'other',
    subject: plainText(subjectOf(record)),
    text: plainText(first.slice(0, LONGEST_TEXT)),
    weight: weightOf(record),
    likeness: likeness(record),
    record,
  };
}

/** An alert that ended is no bad news. */
function weightOf({ level, alert_state: state }: Fields): Row['weight'] {
  if (state === 'resolved' || typeof level !== 'number' || level > 4) return 'plain';
  return level <= 3 ? 'bad' : 'warning';
}

/** The keys of a record that a reader opens, the most telling first; texts that lead nowhere are left out. */
export function keysOf(record: Fields): readonly (readonly [key: string, value: string])[] {
  const last = new Set([
    'event_id',
    'host',
    'log_type',
    'level',
    'container_id',
    'image_id',
    'command',
    'created',
    'tag',
  ]);
  const rank = (key: string): number => (key === 'time' ? 0 : last.has(key) ? 2 : 1);
  return Object.entries(record)
    .filter(([key, value]) => key !== 'message' && value !== undefined && value !== null)
    .map(([key, value]) => [plainText(key), plainText(String(value))] as const)
    .sort(([a], [b]) => rank(a) - rank(b));
}

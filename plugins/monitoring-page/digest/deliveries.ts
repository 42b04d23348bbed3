import type { Sample } from '../series/samples.ts';

/** How it stands with a `graylog-server`. */
export interface DeliveryState {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly endpoint: string;
  readonly endpoints: number;
  readonly buffered: number;
  readonly lagMs: number;
  readonly received: number;
  readonly sent: number;
  readonly dropped: number;
}

/** What a node of that type says of itself; undefined where it is none, or of another version. */
export function deliveryOf(node: unknown): DeliveryState | undefined {
  const { id, name, origins, summary, counters } = membersOf(node);
  if (typeof summary !== 'function' || typeof counters !== 'function' || typeof id !== 'string') return undefined;
  const { state, endpoint, buffered, lagMs } = membersOf(summary());
  const { received, sent, dropped } = membersOf(counters());
  const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
  return {
    id,
    name: String(name ?? ''),
    state: String(state ?? ''),
    endpoint: String(endpoint ?? ''),
    endpoints: Array.isArray(origins) ? origins.length : 0,
    buffered: number(buffered),
    lagMs: number(lagMs),
    received: number(received),
    sent: number(sent),
    dropped: number(dropped),
  };
}

/** What the deliveries say for the series. A counter that fell was started anew, and is no value. */
export function deliverySamples(now: readonly DeliveryState[], before: readonly DeliveryState[]): Sample[] {
  const sent = now.map((one) => one.sent - (before.find(({ id }) => id === one.id)?.sent ?? Number.POSITIVE_INFINITY));
  const known = sent.filter((count) => count >= 0);
  if (now.length === 0) return [];
  return [
    ['records_buffered', now.reduce((sum, { buffered }) => sum + buffered, 0)],
    ['delivery_lag_ms', Math.max(...now.map(({ lagMs }) => lagMs))],
    ...(known.length > 0 ? [['records_sent', known.reduce((sum, count) => sum + count, 0)] as const] : []),
  ];
}

function membersOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
}

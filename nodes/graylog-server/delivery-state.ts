/** What was counted since the first start. */
export interface Counters {
  received: number;
  sent: number;
  dropped: number;
  retried: number;
}

/** What a server must know after a restart. */
export interface DeliveryState {
  readonly counters: Counters;
  /** Fingerprints of the records taken in last, see `RecentIds`. */
  readonly recent: readonly number[];
}

/** No server remembers more. */
const MOST_RECENT = 1_000_000;
/** Counting on from more would soon be inexact. */
const MOST_COUNTED = 1e15;

export const COUNTER_NAMES = ['received', 'sent', 'dropped', 'retried'] as const satisfies (keyof Counters)[];

export function noCounts(): Counters {
  return { received: 0, sent: 0, dropped: 0, retried: 0 };
}

/** The content of a state file; undefined where it is not what this version writes. */
export function parseDeliveryState(value: unknown): DeliveryState | undefined {
  const { counters, recent } = (value ?? {}) as { counters?: unknown; recent?: unknown };
  if (!isCounters(counters) || !Array.isArray(recent) || recent.length > MOST_RECENT) return undefined;
  if (!recent.every(Number.isSafeInteger)) return undefined;
  const { received, sent, dropped, retried } = counters;
  return { counters: { received, sent, dropped, retried }, recent };
}

function isCounters(value: unknown): value is Counters {
  if (typeof value !== 'object' || value === null) return false;
  return COUNTER_NAMES.every((name) => {
    const count: unknown = Reflect.get(value, name);
    return Number.isSafeInteger(count) && (count as number) >= 0 && (count as number) <= MOST_COUNTED;
  });
}

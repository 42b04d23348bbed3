import type { Hit } from './running-total.ts';

/** Of more hits the older ones are pairs, also where they are just counted. */
export const MOST_KEPT = 2_048;

/** What a window is saved as, in JSON. */
export interface SavedWindow {
  readonly hits: readonly (readonly [timeMs: number, amount: number, value: string])[];
}

/** A window as it is at a moment: it takes little to make, and the JSON is made later. */
export interface WindowSnapshot {
  toJSON(): SavedWindow;
}

/** The newest hit of each value; of too many values the newest. */
export function newestOfEach(hits: readonly Hit[], most: number): Hit[] {
  const newest = new Map<string, Hit>();
  for (const hit of hits) {
    newest.delete(hit.value);
    newest.set(hit.value, hit);
  }
  return [...newest.values()].slice(-most);
}

/** A window as a state file has it, with nothing later than now; undefined for anything else. */
export function parseWindow(value: unknown, nowMs: number): SavedWindow | undefined {
  const { hits } = (typeof value === 'object' && value !== null ? value : {}) as { hits?: unknown };
  if (!Array.isArray(hits)) return undefined;
  const parsed = hits.slice(-MOST_KEPT).flatMap((hit: unknown) => {
    const [timeMs, amount, text] = (Array.isArray(hit) ? hit : []) as unknown[];
    const isHit = Number.isFinite(timeMs) && Number.isFinite(amount) && Number(amount) >= 0 && typeof text === 'string';
    return isHit ? [[Math.min(Number(timeMs), nowMs), Number(amount), text] as const] : [];
  });
  return { hits: parsed.toSorted(([one], [other]) => one - other) };
}

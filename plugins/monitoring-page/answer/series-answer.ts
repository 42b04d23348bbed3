import type { Limit } from '../digest/alert-reports.ts';
import { type SeriesStore, UNIT_MS, type Unit } from '../series/series-store.ts';

/** The steps of all series until now: for each mean, least and greatest value, the count; null where nothing was measured. */
export interface SeriesAnswer {
  readonly nowMs: number;
  readonly stepMs: number;
  /** The begin of the first step. */
  readonly fromMs: number;
  readonly isWaiting: boolean;
  /** What alerts ring from on, by the series; those that have none are not named. */
  readonly limits: { readonly [name: string]: readonly Limit[] };
  readonly series: { readonly [name: string]: readonly (readonly [number, number, number, number] | null)[] };
}

/** Enough for a chart, and half as long. */
const DIGITS = 6;

export function seriesOf(
  store: SeriesStore,
  unit: Unit,
  steps: number,
  nowMs: number,
  limitsFor: (name: string) => readonly Limit[] = () => [],
): SeriesAnswer {
  const stepMs = UNIT_MS[unit];
  const last = Math.floor(nowMs / stepMs);
  const round = (value: number): number => Number(value.toPrecision(DIGITS));
  const series = store.names.map(({ name }): [string, SeriesAnswer['series'][string]] => [
    name,
    store.range(name, unit, steps, nowMs).map((step) => {
      if (step === undefined) return null;
      const { sum, count, min, max } = step;
      return [round(sum / count), round(min), round(max), count];
    }),
  ]);
  const measured = series.filter(([, values]) => values.some((value) => value !== null));
  const fromMs = (last - steps + 1) * stepMs;
  const limits = measured.map(([name]) => [name, limitsFor(name)] as const).filter(([, found]) => found.length > 0);
  return {
    nowMs,
    stepMs,
    fromMs,
    limits: Object.fromEntries(limits),
    isWaiting: store.isWaiting,
    series: Object.fromEntries(measured),
  };
}

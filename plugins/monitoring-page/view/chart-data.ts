/** A step as the server sends it: mean, least, greatest value, count; null where nothing was measured. */
export type ServedStep = readonly [mean: number, min: number, max: number, count: number] | null;

/** Columns of a chart: the begin of each step in seconds, means, greatest and least values. A step without a value is null: a gap. */
export interface ChartData {
  readonly times: readonly number[];
  readonly means: readonly (number | null)[];
  readonly maxs: readonly (number | null)[];
  readonly mins: readonly (number | null)[];
}

export function chartData(steps: readonly ServedStep[], fromMs: number, stepMs: number): ChartData {
  return {
    times: steps.map((_, index) => (fromMs + index * stepMs) / 1_000),
    means: steps.map((step) => step?.[0] ?? null),
    maxs: steps.map((step) => step?.[2] ?? null),
    mins: steps.map((step) => step?.[1] ?? null),
  };
}

export interface ChartSummary {
  readonly last: number | null;
  readonly max: number | null;
  readonly maxAtMs: number | null;
  /** Since when there are values. */
  readonly firstAtMs: number | null;
}

/** The last value, the greatest and when that was. */
export function summaryOf(steps: readonly ServedStep[], fromMs: number, stepMs: number): ChartSummary {
  let [maxAt, firstAt] = [-1, -1];
  for (const [index, step] of steps.entries()) {
    if (step === null) continue;
    if (firstAt === -1) firstAt = index;
    if (maxAt === -1 || step[2] > (steps[maxAt]?.[2] ?? Number.NEGATIVE_INFINITY)) maxAt = index;
  }
  const timeOf = (index: number): number | null => (index === -1 ? null : fromMs + index * stepMs);
  // What was measured long ago is not what is so now.
  const last = steps.slice(-3).findLast((step) => step !== null)?.[0] ?? null;
  return { last, max: steps[maxAt]?.[2] ?? null, maxAtMs: timeOf(maxAt), firstAtMs: timeOf(firstAt) };
}

/** The top of an axis that begins at 0: round, and above the greatest value. */
export function niceTop(max: number | null): number {
  if (max === null || max <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  return ([1, 2, 4, 5, 10].find((step) => step * power >= max) ?? 10) * power;
}

/** The top of an axis on which the limits can be seen, too: but not those that are far above all values. */
export function axisTop(max: number | null, limits: readonly { readonly value: number }[]): number {
  const near = limits.map(({ value }) => value).filter((value) => value <= (max ?? 0) * 4);
  return niceTop(Math.max(max ?? 0, ...near));
}

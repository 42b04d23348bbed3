/** When a filesystem will be full, from how it filled in the last hours. */

const HOUR_MS = 3_600_000;
export const WINDOW_MS = 6 * HOUR_MS;
const STEP_MS = WINDOW_MS / 120;
/** Less than this says nothing about the hours to come. */
const LEAST_SPAN_MS = HOUR_MS / 2;
/** Beyond a year it is not a forecast. */
const HORIZON_SECONDS = 366 * 86_400;

interface Point {
  atMs: number;
  availableBytes: number;
}

export interface Forecast {
  /** Seconds until nothing is left at the pace of the last hours; undefined where it does not shrink or is not known. */
  add(atMs: number, availableBytes: number, totalBytes: number): number | undefined;
}

/** Bytes a millisecond, by least squares: one large file written and deleted again does not turn the line. */
function slope(points: readonly Point[]): number {
  const meanAt = points.reduce((sum, { atMs }) => sum + atMs, 0) / points.length;
  const meanBytes = points.reduce((sum, { availableBytes }) => sum + availableBytes, 0) / points.length;
  let covariance = 0;
  let variance = 0;
  for (const { atMs, availableBytes } of points) {
    covariance += (atMs - meanAt) * (availableBytes - meanBytes);
    variance += (atMs - meanAt) ** 2;
  }
  return variance === 0 ? 0 : covariance / variance;
}

export function createForecast(): Forecast {
  let points: Point[] = [];
  let size = 0;
  return {
    add(atMs, availableBytes, totalBytes) {
      // Another size is another filesystem, or a grown one: what was before tells nothing about it.
      if (totalBytes !== size || atMs < (points.at(-1)?.atMs ?? atMs)) points = [];
      size = totalBytes;
      const last = points.at(-1);
      if (last === undefined || atMs - last.atMs >= STEP_MS) points.push({ atMs, availableBytes });
      points = points.filter((point) => atMs - point.atMs <= WINDOW_MS);
      const first = points[0];
      if (first === undefined || atMs - first.atMs < LEAST_SPAN_MS) return undefined;
      const pace = slope([...points, { atMs, availableBytes }]);
      if (pace >= 0) return undefined;
      const seconds = availableBytes / -pace / 1000;
      return seconds <= HORIZON_SECONDS ? Math.round(seconds) : undefined;
    },
  };
}

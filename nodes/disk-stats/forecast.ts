const HOUR_MS = 3_600_000;
const WINDOW_MS = 6 * HOUR_MS;
/** A point is kept for each step of time, so that a short interval costs no memory. */
const STEP_MS = WINDOW_MS / 120;
/** A shorter time says nothing about the hours to come. */
const LEAST_SPAN_MS = HOUR_MS / 2;
/** Beyond a year it is not a forecast. */
const HORIZON_SECONDS = 366 * 86_400;

interface Point {
  atMs: number;
  availableBytes: number;
}

/** Bytes a millisecond by least squares, which one large file that is written and deleted again hardly changes. */
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

/** When a filesystem will be full, from how it filled in the last hours. */
export class Forecast {
  #points: Point[] = [];
  #totalBytes = 0;

  /**
   * Takes one measurement. Gives the seconds until nothing is left at the pace of the last hours; undefined where the
   * space does not shrink, or where too little is known.
   */
  secondsUntilFull(atMs: number, availableBytes: number, totalBytes: number): number | undefined {
    const now = { atMs, availableBytes };
    this.#add(now, totalBytes);
    const [first] = this.#points;
    if (first === undefined || atMs - first.atMs < LEAST_SPAN_MS) return undefined;
    // What was lost from end to end bounds it: a disk that was emptied a moment ago has all the hours of its filling before it.
    const net = (availableBytes - first.availableBytes) / (atMs - first.atMs);
    const pace = Math.max(slope([...this.#points, now]), net);
    if (pace >= 0) return undefined;
    const seconds = availableBytes / -pace / 1000;
    return seconds <= HORIZON_SECONDS ? Math.round(seconds) : undefined;
  }

  /** Whether enough was measured up to `atMs` to say that the space does not shrink. */
  isKnownAt(atMs: number): boolean {
    const [first] = this.#points;
    return first !== undefined && atMs - first.atMs >= LEAST_SPAN_MS;
  }

  #add(point: Point, totalBytes: number): void {
    const { atMs } = point;
    // Another size is another filesystem, or a grown one. A clock that went back makes the times worthless, too.
    if (totalBytes !== this.#totalBytes || atMs < (this.#points.at(-1)?.atMs ?? atMs)) this.#points = [];
    this.#totalBytes = totalBytes;
    const last = this.#points.at(-1);
    if (last === undefined || atMs - last.atMs >= STEP_MS) this.#points.push(point);
    this.#points = this.#points.filter((one) => atMs - one.atMs <= WINDOW_MS);
  }
}

const MEGABYTE = 1024 ** 2;
/** So much more than at rest may live in the heap before it counts as filling, in bytes. */
const GROWTH_BYTES = 64 * MEGABYTE;
/** Of the most that the heap may have, so much may live in it; garbage beside it needs room too. */
const LIVE_SHARE = 0.6;
/** Nearly full, whatever of it is garbage. */
const USED_SHARE = 0.8;
/** The garbage of an ordinary flow is collected before it is more, in bytes. More of it may be no garbage. */
const UNKNOWN_BYTES = 96 * MEGABYTE;
/** To collect takes a tenth of a second or more: it is asked for no sooner than so long after the last time, in ms. */
const COLLECT_MS = 10_000;
/** The same where it is known already that msgs pile up, in ms. */
const COLLECT_TIGHT_MS = 30_000;
/** The same where all that may live in the heap may be there already, in ms. */
const COLLECT_FULL_MS = 1_000;
/** What lives for so long while next to nothing is sent is not held by the nodes behind, in ms. */
const STUCK_MS = 60_000;

/**
 * Judges by what lives in the heap whether msgs pile up in it. Only a full collection tells that; between two of them the
 * garbage hides it.
 */
export class HeapJudge {
  /** The most that the heap may have, in bytes. */
  readonly #limitBytes: number;
  /** What lives in it at rest, in bytes. */
  #restBytes: number;
  /** What lived in it after the last collection, and when that was. */
  #liveBytes: number;
  #collectedMs = Number.NEGATIVE_INFINITY;
  #tightSinceMs: number | undefined;

  /** `usedBytes`: what is in the heap now. */
  constructor(limitBytes: number, usedBytes: number) {
    this.#limitBytes = limitBytes;
    this.#restBytes = usedBytes;
    this.#liveBytes = usedBytes;
  }

  /** Whether little room is left. */
  get isTight(): boolean {
    return this.#tightSinceMs !== undefined;
  }

  /**
   * `usedBytes` are in the heap, with the garbage. `nowMs`: of any steady clock. Gives whether a collection is needed to
   * tell more: the engine itself may let the heap grow fourfold before the next one.
   */
  used(usedBytes: number, nowMs: number): boolean {
    if (usedBytes > this.#limitBytes * USED_SHARE) this.#tightSinceMs ??= nowMs;
    const sinceMs = nowMs - this.#collectedMs;
    if (this.isTight) return sinceMs >= COLLECT_TIGHT_MS;
    if (usedBytes > this.#restBytes + GROWTH_BYTES + UNKNOWN_BYTES) return sinceMs >= COLLECT_FULL_MS;
    return usedBytes > this.#liveBytes + UNKNOWN_BYTES && sinceMs >= COLLECT_MS;
  }

  /** A full collection left `liveBytes`. */
  collected(liveBytes: number, nowMs: number): void {
    this.#liveBytes = liveBytes;
    this.#collectedMs = nowMs;
    this.#restBytes = Math.min(this.#restBytes, liveBytes);
    const mostBytes = this.#limitBytes * LIVE_SHARE;
    const isStuck = this.#tightSinceMs !== undefined && nowMs - this.#tightSinceMs > STUCK_MS;
    if (isStuck && liveBytes < mostBytes) this.#restBytes = liveBytes - GROWTH_BYTES / 2;
    // Once it is tight, half of the growth has to go: to change over at every collection would help nobody.
    const growthBytes = GROWTH_BYTES / (this.isTight && !isStuck ? 2 : 1);
    const isTight = liveBytes > Math.min(this.#restBytes + growthBytes, mostBytes);
    this.#tightSinceMs = isTight ? (this.#tightSinceMs ?? nowMs) : undefined;
  }
}

/**
 * A rule about a state as one would write it without a thought for speed or disks: it remembers every record that came, and
 * judges all of them anew each time.
 */

export interface ModelRecord {
  readonly key: string;
  readonly value: 'good' | 'bad' | 'other';
  /** When it happened and when it came, in ms. */
  readonly timeMs: number;
  readonly arrivalMs: number;
}

/** Whether each key fires, by the youngest record of a listed value among those that came in the order of their times. */
export class StateModel {
  readonly #records: ModelRecord[] = [];
  /** Keys of which people were told that they fire. */
  readonly #told = new Set<string>();
  #silentUntilMs = 0;
  /** What people hear. */
  readonly story: string[] = [];

  take(record: ModelRecord): void {
    this.#records.push(record);
    this.#speak(record.key, record.arrivalMs);
  }

  silence(untilMs: number, nowMs: number): void {
    this.#silentUntilMs = untilMs;
    this.tick(nowMs);
  }

  tick(nowMs: number): void {
    for (const key of new Set(this.#records.map((record) => record.key))) this.#speak(key, nowMs);
  }

  fires(key: string): boolean {
    let [newestMs, isBad] = [Number.NEGATIVE_INFINITY, false];
    for (const record of this.#records) {
      if (record.key !== key || record.timeMs < newestMs) continue;
      newestMs = record.timeMs;
      if (record.value !== 'other') isBad = record.value === 'bad';
    }
    return isBad;
  }

  /** An end is told in a silence as well. */
  #speak(key: string, nowMs: number): void {
    const isBad = this.fires(key);
    if (isBad === this.#told.has(key) || (isBad && nowMs < this.#silentUntilMs)) return;
    if (isBad) this.#told.add(key);
    else this.#told.delete(key);
    this.story.push(`${isBad ? 'firing' : 'resolved'} ${key}`);
  }
}

/** How many happened within the window that ends at a hit, judged from all hits that came; one id counts once. */
export class CountModel {
  readonly #hits = new Map<string, number>();
  readonly #threshold: number;
  readonly #windowMs: number;
  readonly #endMs: number;
  #isFiring = false;
  readonly story: string[] = [];

  constructor(threshold: number, windowMs: number, endMs: number) {
    this.#threshold = threshold;
    this.#windowMs = windowMs;
    this.#endMs = endMs;
  }

  take(id: string, timeMs: number): void {
    if (this.#hits.has(id)) return;
    this.#hits.set(id, timeMs);
    const ends = [...this.#hits.values()].filter((endMs) => endMs >= timeMs && endMs < timeMs + this.#windowMs);
    if (!this.#isFiring && ends.some((endMs) => this.#within(endMs) >= this.#threshold)) this.#turn(true);
  }

  tick(nowMs: number): void {
    if (this.#isFiring && nowMs >= this.#overUntilMs() + this.#endMs) this.#turn(false);
  }

  #within(endMs: number): number {
    return [...this.#hits.values()].filter((ms) => ms > endMs - this.#windowMs && ms <= endMs).length;
  }

  /** The first moment after which no window has too many: it is one at which a hit leaves. */
  #overUntilMs(): number {
    const times = [...this.#hits.values()].toSorted((one, other) => one - other);
    const last = times.findLast((endMs) => this.#within(endMs) >= this.#threshold) ?? Number.NEGATIVE_INFINITY;
    const leaving = times.filter((ms) => ms > last - this.#windowMs && ms <= last).map((ms) => ms + this.#windowMs);
    return leaving.find((ms) => this.#within(ms) < this.#threshold || ms > last + this.#windowMs) ?? last;
  }

  #turn(isFiring: boolean): void {
    this.#isFiring = isFiring;
    this.story.push(isFiring ? 'firing' : 'resolved');
  }
}

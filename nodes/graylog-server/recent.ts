/**
 * The ids of the records taken in last. A source reads again, after a redeploy, what it had handed on in the last moment
 * before it; what had come through then is known here and does not go out twice.
 */
export class RecentIds {
  readonly #ids: (string | undefined)[];
  readonly #times: Float64Array;
  #next = 0;
  #before: Set<string> | undefined;
  #beforeUntilMs = 0;

  constructor(capacity = 65_536) {
    this.#ids = new Array<string | undefined>(capacity);
    this.#times = new Float64Array(capacity);
  }

  /** Whether the record is one of those from before the redeploy; if not, it is remembered. `nowMs`: any steady clock. */
  isRepeat(id: string, nowMs: number): boolean {
    if (this.#before !== undefined) {
      if (nowMs > this.#beforeUntilMs) this.#before = undefined;
      else if (this.#before.delete(id)) return true;
    }
    this.#ids[this.#next] = id;
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#ids.length;
    return false;
  }

  /** The ids of the last `withinMs`, oldest first. */
  since(withinMs: number, nowMs: number): string[] {
    const found: string[] = [];
    const { length } = this.#ids;
    for (let i = 0; i < length; i += 1) {
      const at = (this.#next + i) % length;
      const id = this.#ids[at];
      if (id !== undefined && nowMs - (this.#times[at] ?? 0) <= withinMs) found.push(id);
    }
    return found;
  }

  /** Takes over what an earlier run remembered; it counts for `forMs`. */
  restore(ids: readonly string[], forMs: number, nowMs: number): void {
    this.#before = ids.length === 0 ? undefined : new Set(ids);
    this.#beforeUntilMs = nowMs + forMs;
  }
}

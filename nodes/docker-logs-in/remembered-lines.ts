/** With more than this nothing is remembered: lines come twice rather than fill the memory. */
const MOST_LINES = 400_000;

/** The lines that were taken since it was last sure that none is missing: read again, they are not handed on again. */
export class RememberedLines {
  #older = new Set<string>();
  #newer = new Set<string>();

  /** Whether the line was taken before; it counts as taken from now. */
  isKnown(stream: number, stamp: string, index: number): boolean {
    const line = `${stream}${stamp}${index}`;
    if (this.#older.has(line) || this.#newer.has(line)) return true;
    this.#newer.add(line);
    if (this.#older.size + this.#newer.size > MOST_LINES) {
      this.#older.clear();
      this.#newer.clear();
    }
    return false;
  }

  /** It is asked whether lines before this moment are missing. */
  ask(): void {
    for (const line of this.#newer) this.#older.add(line);
    this.#newer.clear();
  }

  /** None is missing before the moment of the last `ask`. */
  forget(): void {
    this.#older.clear();
  }
}

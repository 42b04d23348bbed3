/** Something that stands in a list between an older and a newer one. */
interface Link<Of> {
  readonly id: string;
  readonly value: Of;
  older: Link<Of> | undefined;
  newer: Link<Of> | undefined;
}

/**
 * Values by id, in the order in which they were asked for last. A Map alone would do that by deleting and setting an id each
 * time, and make its table anew every thousand times.
 */
export class RecentEntries<Of> {
  readonly #links = new Map<string, Link<Of>>();
  #oldest: Link<Of> | undefined;
  #newest: Link<Of> | undefined;

  get size(): number {
    return this.#links.size;
  }

  /** The value of an id, which is the one asked for last from now on. */
  use(id: string): Of | undefined {
    const link = this.#links.get(id);
    if (link !== undefined && link !== this.#newest) {
      this.#takeOut(link);
      this.#append(link);
    }
    return link?.value;
  }

  /** The value of an id, whose place stays. */
  get(id: string): Of | undefined {
    return this.#links.get(id)?.value;
  }

  /** Adds a value, or gives an id another one, as the one asked for last. */
  set(id: string, value: Of): void {
    this.delete(id);
    const link: Link<Of> = { id, value, older: undefined, newer: undefined };
    this.#links.set(id, link);
    this.#append(link);
  }

  delete(id: string): boolean {
    const link = this.#links.get(id);
    if (link === undefined) return false;
    this.#takeOut(link);
    return this.#links.delete(id);
  }

  /** All values, the one that was not asked for for longest first. */
  *values(): Iterable<Of> {
    for (let link = this.#oldest; link !== undefined; link = link.newer) yield link.value;
  }

  #append(link: Link<Of>): void {
    link.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = link;
    else this.#newest.newer = link;
    this.#newest = link;
  }

  #takeOut(link: Link<Of>): void {
    const { older, newer } = link;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    // What is out leads nowhere: from old memory it would keep all that came after it.
    link.older = undefined;
    link.newer = undefined;
  }
}

/** With more than this the history begins anew. */
const MOST_NOTICES = 1_000;

/** More of one kind are not said of one container: its log, or an engine, may have something new to say with every line. */
const MOST_OF_ONE = 10;

/**
 * What was said of the logs of containers. Each notice is said once: what a log is like does not change, and a fault that
 * lasts comes with every attempt.
 */
export class NoticeHistory {
  readonly #said = new Map<string, Set<string>>();
  #count = 0;

  /** Whether this was not said before; it counts as said from now. */
  isNew(kind: string, containerId: string, text: string): boolean {
    if (this.#count > MOST_NOTICES) {
      this.#said.clear();
      this.#count = 0;
    }
    const subject = `${kind} ${containerId}`;
    const texts = this.#said.get(subject) ?? new Set();
    if (texts.has(text) || texts.size >= MOST_OF_ONE) return false;
    this.#said.set(subject, texts.add(text));
    this.#count += 1;
    return true;
  }
}

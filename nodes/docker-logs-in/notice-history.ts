/** With more than this the history begins anew. */
const MOST_NOTICES = 1_000;

/**
 * What was said of the logs of containers. Each notice is said once: what a log is like does not change, and a fault that
 * lasts comes with every attempt.
 */
export class NoticeHistory {
  readonly #said = new Set<string>();

  /** Whether this was not said before; it counts as said from now. */
  isNew(kind: string, containerId: string, text: string): boolean {
    const notice = `${kind} ${containerId} ${text}`;
    if (this.#said.has(notice)) return false;
    if (this.#said.size > MOST_NOTICES) this.#said.clear();
    this.#said.add(notice);
    return true;
  }
}

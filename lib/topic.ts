/** More kinds of msgs than any source has; a name that comes from outside must not grow the table for ever. */
const MAX_TOPICS = 1_000;

/** The topics of a source's msgs, each text made once: a prefix and the kind of record, of which there are a few. */
export class TopicCache {
  readonly #prefix: string;
  readonly #topics = new Map<unknown, string>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  topicOf(kind: unknown): string {
    const known = this.#topics.get(kind);
    if (known !== undefined) return known;
    const topic = `${this.#prefix}${kind}`;
    if (this.#topics.size < MAX_TOPICS) this.#topics.set(kind, topic);
    return topic;
  }
}

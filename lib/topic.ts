/** More kinds of msgs than any source has; a name that comes from outside must not grow the table for ever. */
const MAX_TOPICS = 1_000;

/** `msg.topic` is `prefix` and what kind of record it is: the same few texts for every msg, made once. */
export function createTopics(prefix: string): (kind: unknown) => string {
  const topics = new Map<unknown, string>();
  return (kind) => {
    const known = topics.get(kind);
    if (known !== undefined) return known;
    const topic = `${prefix}${kind}`;
    if (topics.size < MAX_TOPICS) topics.set(kind, topic);
    return topic;
  };
}

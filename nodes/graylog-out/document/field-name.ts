/** Names of additional fields as Graylog stores them. */

/** Names that Graylog keeps for itself; as additional fields they are rejected or overwrite its own. */
const RESERVED = new Set([
  'id',
  'source',
  'message',
  'timestamp',
  'streams',
  'version',
  'index',
  'type',
  'score',
  'all',
  'host',
  'level',
  'short_message',
  'full_message',
]);

/** With 200 fields their names alone still fit into every transport's message. */
const MAX_NAME_LENGTH = 128;
/** What is looked at of a key. */
const MAX_KEY_LENGTH = 1_024;

/**
 * The name without its underscore: characters that Graylog drops the field for become `_`, and so do dots, which it
 * turns into `_` when it stores the field, so that `a.b` and `a_b` meet here and not there. A reserved or empty name
 * is put behind `field_`; a long one is cut.
 */
export function fieldName(key: string): string {
  const name = key
    .slice(0, MAX_KEY_LENGTH)
    .replace(/^_+/, '')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/[^A-Za-z0-9@_-]/g, '_');
  return name === '' || RESERVED.has(name) || name.startsWith('gl2_') ? `field_${name}` : name;
}

/** `fieldName`, remembered: the keys of a host's records are the same few dozen for ever. */
export function createFieldNames(limit = 2_000): (key: string) => string {
  const known = new Map<string, string>();
  return (long) => {
    const key = long.slice(0, MAX_KEY_LENGTH);
    const found = known.get(key);
    if (found !== undefined) return found;
    const name = fieldName(key);
    if (known.size < limit && key.length <= MAX_NAME_LENGTH) known.set(key, name);
    return name;
  };
}

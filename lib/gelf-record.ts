/** The names of a record's envelope by those of a GELF document. */
const ENVELOPE = new Map([
  ['short_message', 'message'],
  ['timestamp', 'time'],
]);

/**
 * The record that a GELF document was written from, as far as the document says: numbers and texts under the names of a
 * payload. An empty object for what is no document.
 */
export function recordOf(document: string): { [key: string]: unknown } {
  return recordOfFields(parsed(document));
}

/** The same of a document that is read already. */
export function recordOfFields(document: object): { [key: string]: unknown } {
  const record: { [key: string]: unknown } = {};
  for (const [name, value] of Object.entries(document)) {
    if (name === 'version') continue;
    const key = name.startsWith('_') ? name.slice(1) : (ENVELOPE.get(name) ?? name);
    const isTime = name === 'timestamp' && typeof value === 'number';
    record[key] = isTime ? new Date(Math.round(value * 1000)).toISOString() : value;
  }
  return record;
}

function parsed(document: string): object {
  try {
    const value: unknown = JSON.parse(document);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

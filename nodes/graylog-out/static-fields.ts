import { isPlain, leaf, MAX_FIELD_BYTES } from './document/value.ts';

/** Fields of the dialog that every message gets: a JSON object of names and values. */
export type StaticFields = { readonly [name: string]: string | number };

/** The fields in `text`, none where it is blank; undefined where it is no JSON object of texts, numbers and booleans. */
export function parseStaticFields(text: unknown): StaticFields | undefined {
  if (text === undefined || text === null || String(text).trim() === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(text));
  } catch {
    return undefined;
  }
  if (!isPlain(parsed)) return undefined;
  const fields: { [name: string]: string | number } = {};
  for (const [name, value] of Object.entries(parsed)) {
    const field = typeof value === 'object' ? undefined : leaf(value, MAX_FIELD_BYTES, { visits: 0 });
    if (field === undefined) return undefined;
    fields[name] = field;
  }
  return fields;
}

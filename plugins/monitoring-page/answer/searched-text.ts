/** The values of a record, a line each. */
export function valuesText(record: { readonly [key: string]: unknown }): string {
  return Object.values(record)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join('\n');
}

/** All that a search looks at of a record, in small letters: a text that spans two of its values is not found. */
export function searchedText(record: { readonly [key: string]: unknown }): string {
  return valuesText(record).toLowerCase();
}

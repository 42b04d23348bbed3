/** Header fields of an answer: names in lower case, the values of each in their order. Bytes beyond ASCII are Latin-1. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** The first value of a field, as curl takes it where there are several. */
export function firstOf(fields: Fields, name: string): string | undefined {
  return fields.get(name)?.[0];
}

/** The members of a field that is a list, in lower case, of however many lines. */
export function listOf(fields: Fields, name: string): string[] {
  return (fields.get(name) ?? [])
    .join(',')
    .split(',')
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
}

/** An answer without its body, whatever protocol it came by. */
export interface Head {
  code: number;
  fields: Fields;
}

/** Reads a decoded JSON value whose shape nobody has promised. */

export type JsonObject = { readonly [name: string]: unknown };

/** The value where it is a JSON object, else undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The texts of an array; what else is in it is left out. Undefined where the value is no array. */
export function asTexts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined;
}

/** The members of an object that are texts: labels, attributes. Empty where the value is no object. */
export function textMembers(value: unknown): { [name: string]: string } {
  const members = Object.entries(asObject(value) ?? {});
  return Object.fromEntries(members.filter((member): member is [string, string] => typeof member[1] === 'string'));
}

/**
 * The text that `JSON.stringify(value)` gives, in pieces: members and elements down to `depth` are pieces of their own. Each is
 * made when it is asked for, so the value must not change before the last one. Throws what `JSON.stringify` throws.
 */
export function* jsonPieces(value: object, depth: number): Generator<string, undefined> {
  if (depth === 0 || 'toJSON' in value) {
    yield JSON.stringify(value);
    return;
  }
  const isArray = Array.isArray(value);
  let before = isArray ? '[' : '{';
  for (const [key, member] of isArray ? value.entries() : Object.entries(value)) {
    if (!isArray && isLeftOut(member)) continue;
    yield isArray ? before : `${before}${JSON.stringify(key)}:`;
    if (typeof member === 'object' && member !== null) yield* jsonPieces(member, depth - 1);
    else yield JSON.stringify(member) ?? 'null';
    before = ',';
  }
  if (before !== ',') yield before;
  yield isArray ? ']' : '}';
}

/** What JSON does not know is left out of an object; in a list it is null. */
function isLeftOut(member: unknown): boolean {
  return member === undefined || typeof member === 'function' || typeof member === 'symbol';
}

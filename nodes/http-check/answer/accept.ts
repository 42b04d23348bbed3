/** The response codes that a check expects. */

export type CodeRange = readonly [from: number, to: number];

export const DEFAULT_ACCEPT = '200-399';

/** Reads `200-299,401`; undefined where it is something else. Codes are 100 to 599. */
export function parseAccept(text: unknown): CodeRange[] | undefined {
  const ranges: CodeRange[] = [];
  for (const part of String(text).split(',')) {
    const found = /^\s*([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?\s*$/.exec(part);
    if (found === null) return undefined;
    const from = Number(found[1]);
    const to = Number(found[2] ?? from);
    if (to < from) return undefined;
    ranges.push([from, to]);
  }
  return ranges;
}

export function accepts(ranges: readonly CodeRange[], code: number): boolean {
  return ranges.some(([from, to]) => code >= from && code <= to);
}

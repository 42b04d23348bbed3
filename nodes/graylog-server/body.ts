/** Documents grouped into the bodies of HTTP requests: one each, or with `bulk` as many as fit into `bodyBytes`. */
export function groupIntoBodies(
  documents: readonly string[],
  { bulk, bodyBytes }: { bulk: boolean; bodyBytes: number },
): string[][] {
  const groups: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const document of documents) {
    const size = Buffer.byteLength(document) + 1;
    if (!bulk || bytes + size > bodyBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(document);
    bytes += size;
  }
  return groups;
}

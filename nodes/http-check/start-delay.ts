/** Milliseconds by which a node starts later than the flow, so that many checks do not all ask in the same instant. */
export function startDelay(id: string, intervalMs: number): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % Math.max(1, Math.min(1_000, intervalMs / 10));
}

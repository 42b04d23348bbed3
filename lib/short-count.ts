/** A count in at most five characters: `842`, `9,999`, `12.3k`, `123k`, `1.2M`. */
export function shortCount(count: number): string {
  if (count < 10_000) return count.toLocaleString('en-US');
  for (const [size, unit] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (count < size) continue;
    const share = count / size;
    // Not rounded up: `999.9k` must not become `1000k`.
    return `${share < 100 ? Math.floor(share * 10) / 10 : Math.floor(share)}${unit}`;
  }
  return String(count);
}

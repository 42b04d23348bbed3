import { useEffect, useState } from 'preact/hooks';

/** So many rows are made in a frame, most of them out of sight: more at once would hold the page up. */
const STEP = 100;

/** How many of so many rows are shown: some more with each frame. Another `key` begins anew. */
export function useGrowing(count: number, key: string): number {
  const [grown, setGrown] = useState({ key, limit: STEP });
  const limit = grown.key === key ? grown.limit : STEP;
  useEffect(() => {
    if (limit >= count) return;
    const frame = requestAnimationFrame(() => setGrown({ key, limit: limit + STEP }));
    return () => cancelAnimationFrame(frame);
  }, [limit, count, key]);
  return Math.min(limit, count);
}

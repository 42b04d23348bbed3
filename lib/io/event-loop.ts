import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Calls `use` with the items in order, as many at a time as `perTurn` says, each time in a new turn of the event loop.
 * Where `perTurn` gives a promise, it resolves in the turn in which they may go (`FlowPace`).
 */
export async function sendInBatches<T>(
  items: readonly T[],
  perTurn: () => number | Promise<number>,
  use: (part: readonly T[]) => void,
): Promise<void> {
  for (let from = 0; from < items.length; ) {
    const answer = perTurn();
    let count: number;
    if (typeof answer !== 'number') {
      count = await answer;
    } else {
      count = answer;
      if (from > 0) await nextTurn();
    }
    use(from === 0 && items.length <= count ? items : items.slice(from, from + count));
    from += count;
  }
}

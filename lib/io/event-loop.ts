import { setImmediate as nextTurn } from 'node:timers/promises';

/** Calls `use` with the items in order, at most `perTurn` at a time, each time in a new turn of the event loop. */
export async function sendInBatches<T>(
  items: readonly T[],
  perTurn: number,
  use: (part: readonly T[]) => void,
): Promise<void> {
  for (let from = 0; from < items.length; from += perTurn) {
    if (from > 0) await nextTurn();
    use(from === 0 && items.length <= perTurn ? items : items.slice(from, from + perTurn));
  }
}

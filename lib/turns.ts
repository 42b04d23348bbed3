import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * How many msgs may be on their way between nodes in one turn of the event loop. Node-RED hands each msg over in a turn
 * of its own: of hundreds at once many outlive a collection of the young generation, which makes them cost more, and other nodes wait behind them.
 */
const PER_TURN = 32;

/** Calls `use` with the items in order, at most `perTurn` at a time, each time in a new turn of the event loop. */
export async function inTurns<T>(
  items: readonly T[],
  use: (part: readonly T[]) => void,
  perTurn = PER_TURN,
): Promise<void> {
  for (let from = 0; from < items.length; from += perTurn) {
    if (from > 0) await nextTurn();
    use(from === 0 && items.length <= perTurn ? items : items.slice(from, from + perTurn));
  }
}

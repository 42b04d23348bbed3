import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PATIENCE_MS } from './until.ts';

/** As `until()`, where the timers stand still: it looks at every turn of the event loop. */
export async function turns(holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    assert.ok(performance.now() < end, String(holds));
    await nextTurn();
  }
}

/** Resolves after so many turns of the event loop, in which what is ready to be read is read. */
export async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

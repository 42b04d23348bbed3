import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberTable } from '../../../lib/number-table.ts';

test('a table of numbers holds what a map holds, whatever comes and goes', () => {
  const table = new NumberTable();
  const map = new Map<number, number>();
  let seed = 1;
  const random = (most: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed % most;
  };
  for (let step = 0; step < 20_000; step++) {
    // Few numbers, so that they meet again; of several hosts, and negative ones.
    const key = (random(400) + 1) * (random(2) === 0 ? 1 : -1) + random(3) * 1e10;
    if (random(3) === 0) {
      table.delete(key);
      map.delete(key);
    } else {
      table.set(key, step + 1);
      map.set(key, step + 1);
    }
    if (step === 15_000) {
      table.clear();
      map.clear();
    }
    assert.equal(table.size, map.size);
    assert.equal(table.get(key), map.get(key) ?? 0);
  }
  for (const [key, value] of map) assert.equal(table.get(key), value);
  assert.equal(table.get(0), 0);
});

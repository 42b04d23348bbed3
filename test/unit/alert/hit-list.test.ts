import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HitList } from '../../../nodes/alert/hit-list.ts';

for (let count = 0; count <= 7; count += 1) {
  for (const dropped of [0, 3]) {
    test(`of the first ${count} hits after ${dropped} that are gone, neighbours are put together`, () => {
      const list = new HitList('sum');
      for (let timeMs = 0; timeMs < dropped + 9; timeMs += 1) list.insert({ timeMs, amount: timeMs + 1, value: '' });
      list.dropFirst(dropped);
      const before = list.toArray();
      list.pairFirst(count);
      const pairs = before.slice(0, count).flatMap((hit, at) => {
        const other = before[at + 1];
        if (at % 2 === 1) return [];
        return [at + 1 < count && other !== undefined ? { ...other, amount: hit.amount + other.amount } : hit];
      });
      assert.deepEqual(list.toArray(), [...pairs, ...before.slice(count)]);
    });
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionRing } from '../../../../nodes/auth-log-in/connections/connection-ring.ts';

const MOST = 20;

test('a ring gives out places, and goes on from one to the next as a list does', () => {
  const ring = new ConnectionRing(MOST);
  let list: number[] = [];
  let seed = 1;
  const random = (most: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % most;
  };
  const steps = [
    () => {
      if (list.length < MOST) list.push(ring.append());
    },
    () => {
      if (list.length > 0) ring.remove(list.splice(random(list.length), 1)[0] as number);
    },
    () => {
      if (list.length === 0) return;
      ring.turn();
      list = [...list.slice(1), list[0] as number];
    },
  ];
  for (let step = 0; step < 5000; step++) {
    steps[random(steps.length)]?.();
    if (step === 3000) {
      ring.clear();
      list = [];
    }
    assert.deepEqual([...ring], list);
    assert.equal(ring.first, list[0] ?? 0);
    assert.equal(ring.size, list.length);
    assert.equal(new Set(list).size, list.length);
    assert.ok(list.every((place) => place >= 1 && place <= MOST));
  }
});

test('the place that came back last is given out first', () => {
  const ring = new ConnectionRing(MOST);
  const [first, second] = [ring.append(), ring.append()];
  ring.remove(first);
  ring.remove(second);
  assert.equal(ring.freeCount, 2);
  assert.equal(ring.append(), second);
  assert.equal(ring.append(), first);
  assert.equal(ring.freeCount, 0);
});

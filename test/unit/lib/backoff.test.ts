import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../lib/backoff.ts';

const longest = () => 1;
const shortest = () => 0;

test('`next()` waits twice as long each time, up to 30 s', () => {
  const backoff = new Backoff(200, 30_000, longest);
  const waits = Array.from({ length: 10 }, () => backoff.next());
  assert.deepEqual(waits, [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

test('`next()` is between half of the wait and all of it', () => {
  const backoff = new Backoff(200, 30_000, shortest);
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next()], [100, 200, 400]);
  const jittered = new Backoff();
  for (const ceiling of [200, 400, 800]) {
    const wait = jittered.next();
    assert.ok(wait >= ceiling / 2 && wait <= ceiling, `${wait} is not between ${ceiling / 2} and ${ceiling}`);
  }
});

test('with a floor a wait is anything between that and its ceiling, at the longest wait too', () => {
  const backoff = (random: () => number) => new Backoff(2_000, 30_000, random, 100);
  assert.deepEqual([1, 2, 3].map(backoff(shortest).next.bind(backoff(shortest))), [100, 100, 100]);
  const slow = backoff(longest);
  assert.deepEqual(
    Array.from({ length: 6 }, () => slow.next()),
    [2_000, 4_000, 8_000, 16_000, 30_000, 30_000],
  );
  const many = Array.from({ length: 2_000 }, () => {
    const one = backoff(Math.random);
    for (let attempt = 0; attempt < 10; attempt += 1) one.next();
    return one.next();
  });
  const perSecond = Array.from({ length: 30 }, (_, n) => many.filter((ms) => Math.floor(ms / 1_000) === n).length);
  assert.ok(Math.max(...perSecond) < 2 * (many.length / 30), `${perSecond}`);
});

test('`next()` stays at the longest wait however often it failed', () => {
  const backoff = new Backoff(200, 30_000, longest);
  for (let attempt = 0; attempt < 5000; attempt += 1) backoff.next();
  assert.equal(backoff.next(), 30_000);
});

test('`reset()` begins with the shortest wait again', () => {
  const backoff = new Backoff(200, 30_000, longest);
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 200);
});

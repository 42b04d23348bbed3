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

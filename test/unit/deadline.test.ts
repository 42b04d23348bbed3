import assert from 'node:assert/strict';
import { test } from 'node:test';
import { within } from '../../lib/deadline.ts';

const never = new Promise<string>(() => undefined);

test('within() gives what comes in time, and what is said of lateness else', async () => {
  assert.equal(await within(Promise.resolve('here'), 1_000, () => 'late'), 'here');
  assert.equal(await within(never, 1, () => 'late'), 'late');
});

test('within() rejects where lateness is an error, as where the job fails', async () => {
  const late = within(never, 1, () => {
    throw new Error('too late');
  });
  await assert.rejects(late, /too late/);
  await assert.rejects(
    within(Promise.reject(new Error('failed')), 1_000, () => 'late'),
    /failed/,
  );
});

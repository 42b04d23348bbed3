import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTimeout } from '../../../../lib/io/timeout.ts';

const never = new Promise<string>(() => undefined);

test('withTimeout() gives what comes in time, and what is said of lateness else', async () => {
  assert.equal(await withTimeout(Promise.resolve('here'), 1_000, () => 'late'), 'here');
  assert.equal(await withTimeout(never, 1, () => 'late'), 'late');
});

test('withTimeout() rejects where lateness is an error, as where the job fails', async () => {
  const late = withTimeout(never, 1, () => {
    throw new Error('too late');
  });
  await assert.rejects(late, /too late/);
  await assert.rejects(
    withTimeout(Promise.reject(new Error('failed')), 1_000, () => 'late'),
    /failed/,
  );
});

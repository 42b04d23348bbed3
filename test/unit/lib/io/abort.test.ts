import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orAbort, untilAborted } from '../../../../lib/io/abort.ts';

const never = new Promise<string>(() => undefined);

test('`orAbort()` settles as the job does', async () => {
  const { signal } = new AbortController();
  assert.equal(await orAbort(Promise.resolve('here'), signal), 'here');
  await assert.rejects(orAbort(Promise.reject(new Error('failed')), signal), /failed/);
});

test('`orAbort()` rejects with the reason of the signal, now or later', async () => {
  const controller = new AbortController();
  const job = orAbort(never, controller.signal);
  controller.abort(new Error('closed'));
  await assert.rejects(job, /closed/);
  await assert.rejects(orAbort(never, controller.signal), /closed/);
});

test('`untilAborted()` settles as the job does, and gives nothing once the signal aborts', async () => {
  const controller = new AbortController();
  assert.equal(await untilAborted(Promise.resolve('here'), controller.signal), 'here');
  await assert.rejects(untilAborted(Promise.reject(new Error('failed')), controller.signal), /failed/);
  const job = untilAborted(never, controller.signal);
  controller.abort();
  assert.equal(await job, undefined);
  assert.equal(await untilAborted(Promise.reject(new Error('late')), controller.signal), undefined);
});

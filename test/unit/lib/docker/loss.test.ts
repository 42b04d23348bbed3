import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossState } from '../../../../lib/docker/loss.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

test('a host that never had an engine has none, one without the right to it is told so, and neither is a fault', () => {
  assert.equal(lossState(failure('ENOENT'), false), 'idle');
  assert.equal(lossState(failure('EACCES'), false), 'warning');
  const left = Object.assign(failure('ECONNREFUSED'), { address: '/var/run/docker.sock' });
  assert.equal(lossState(left, false), 'warning');
  assert.equal(lossState(left, true), 'fault');
});

test('an engine that was there and went away is a fault, and so is one that does not answer', () => {
  for (const code of ['ENOENT', 'EACCES', 'ECONNREFUSED']) assert.equal(lossState(failure(code), true), 'fault');
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'NO_ENGINE']) assert.equal(lossState(failure(code), false), 'fault');
});

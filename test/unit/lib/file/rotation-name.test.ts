import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byAge, isRotationOf } from '../../../../lib/file/rotation-name.ts';

test('isRotationOf() knows what rotation makes of a name, and nothing else', () => {
  for (const name of [
    'auth.log',
    'auth.log.1',
    'auth.log.12.gz',
    'auth.log-20261123',
    'auth.log-20261123.xz',
    'auth-20261123.log',
    'auth.1.log.gz',
    'auth.log.old',
    'auth.log_20261123',
    'auth.log.2026-11-23.zst',
    'auth.log-1795600000',
    'auth.log-2026-11-23T10:00:00+01:00',
    'auth_20261123.log',
  ]) {
    assert.equal(isRotationOf(name, 'auth.log'), true, name);
  }
  for (const name of ['auth.log.bak', 'auth.logs', 'auth.log~', 'authx.log', 'auth-archive.log', 'syslog.1', 'auth']) {
    assert.equal(isRotationOf(name, 'auth.log'), false, name);
  }
  assert.equal(isRotationOf('secure-20261123', 'secure'), true);
});

test('byAge() goes by rotation number or date, whatever the times of change, and else by them', () => {
  const sorted = (...names: string[]): string[] =>
    names
      .map((name, index) => ({ name, modifiedNs: BigInt(index) }))
      .sort(byAge)
      .map(({ name }) => name);
  assert.deepEqual(sorted('a.1', 'a.10.gz', 'a.2'), ['a.10.gz', 'a.2', 'a.1']);
  assert.deepEqual(sorted('a-20261123.gz', 'a-20261122', 'a-20251231'), ['a-20251231', 'a-20261122', 'a-20261123.gz']);
  assert.deepEqual(sorted('a-20261123.log', 'a-20261122.log'), ['a-20261122.log', 'a-20261123.log']);
  assert.deepEqual(sorted('a_20261123', 'a_20261122'), ['a_20261122', 'a_20261123']);
  assert.deepEqual(sorted('a.2026-11-23', 'a.2026-11-22.xz'), ['a.2026-11-22.xz', 'a.2026-11-23']);
  assert.deepEqual(sorted('a.old', 'a.1'), ['a.old', 'a.1']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { AlertKeeper } from '../../../../nodes/alert/io/alert-keeper.ts';
import type { SavedAlert } from '../../../../nodes/alert/saved.ts';
import { AlertBench } from '../../../support/alert-bench.ts';
import { until } from '../../../support/until.ts';

/** A keeper whose disk the test plays. */
function openKeeper() {
  const { core, nowMs } = new AlertBench({ kind: 'state', field: 's', bad: 'down', good: 'up', each: ['k'] });
  const log: string[] = [];
  const time = { steadyMs: 0 };
  const writes: { state: SavedAlert; resolve(): void; reject(error: Error): void }[] = [];
  const keeper = new AlertKeeper({
    core,
    file: {
      writeInSlices: (state) =>
        new Promise<void>((resolve, reject) => {
          log.push('write');
          writes.push({ state, resolve, reject });
        }),
    },
    send: ({ record }) => log.push(`${record.alert_state} ${record.alert_key}`),
    onFault: (error) => log.push(String((error as Error).message)),
    now: () => nowMs,
    steadyMs: () => time.steadyMs,
  });
  const take = (k: string, s: string): void => {
    core.take({ k, s }, nowMs);
    keeper.settle();
  };
  return { keeper, core, nowMs, time, log, writes, take };
}

test('a msg leaves once the state is kept, and what comes meanwhile waits its turn', async () => {
  const { keeper, log, writes, take } = openKeeper();
  keeper.start();
  take('a', 'down');
  take('a', 'up');
  take('b', 'down');
  await turn();
  assert.deepEqual(log, ['write']);
  assert.equal(writes[0]?.state.outgoing.length, 1);
  writes[0]?.resolve();
  await until(() => writes.length === 2);
  assert.deepEqual(log, ['write', 'firing a', 'write']);
  writes[1]?.resolve();
  await until(() => log.length === 5);
  assert.deepEqual(log.slice(3), ['resolved a', 'firing b']);
});

test('before the flows run nothing leaves; what cannot be kept leaves all the same, and that is said once', async () => {
  const { keeper, log, writes, take } = openKeeper();
  take('a', 'down');
  assert.deepEqual(log, []);
  keeper.start();
  writes[0]?.reject(new Error('ENOSPC'));
  await until(() => log.length === 3);
  take('a', 'up');
  writes[1]?.reject(new Error('ENOSPC'));
  await until(() => log.length === 5);
  assert.deepEqual(log, ['write', 'ENOSPC', 'firing a', 'write', 'resolved a']);
});

test('a disk that does not answer holds a msg for two seconds, and the next ones not at all', async (t) => {
  const { keeper, log, writes, take } = openKeeper();
  keeper.start();
  take('a', 'down');
  await until(() => log.includes('firing a'));
  // From here no two seconds pass.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  take('a', 'up');
  await turn();
  assert.ok(log.includes('resolved a'));
  assert.equal(writes.length, 1);
});

test('a record that changes nothing is not written at once', async () => {
  const { keeper, log, writes, take } = openKeeper();
  keeper.start();
  take('a', 'up');
  await until(() => writes.length === 1);
  writes[0]?.resolve();
  await turn();
  for (let n = 0; n < 100; n += 1) take('a', 'up');
  await turn();
  assert.deepEqual(log, ['write']);
  const closing = keeper.close();
  await until(() => writes.length === 2);
  writes[1]?.resolve();
  await closing;
});

test('a record a minute that says that all is as it was is written every ten minutes, and what it changes soon', async () => {
  const { keeper, time, log, writes, take } = openKeeper();
  keeper.start();
  const takeAll = async (count: number, state: string): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      time.steadyMs += 59_999;
      take('a', state);
      writes.at(-1)?.resolve();
      await turn();
    }
  };
  await takeAll(1, 'up');
  await takeAll(10, 'up');
  assert.deepEqual(log, ['write']);
  await takeAll(1, 'up');
  assert.deepEqual(log, ['write', 'write']);
  await takeAll(1, 'down');
  assert.deepEqual(log.slice(2), ['write', 'firing a']);
  await takeAll(2, 'down');
  assert.deepEqual(log.slice(4), ['write', 'write'], 'how long it lasts is kept as soon as ever');
});

test('`kept()` resolves once the disk has what was asked for last, also behind an older write', async () => {
  const { keeper, core, nowMs, log, writes, take } = openKeeper();
  keeper.start();
  take('a', 'down');
  core.command({ action: 'silence', ms: 60_000 }, nowMs);
  let isKept = false;
  const kept = keeper.kept().then(() => {
    isKept = true;
  });
  writes[0]?.resolve();
  await until(() => writes.length === 2);
  assert.equal(isKept, false);
  assert.match(JSON.stringify(writes[1]?.state), new RegExp(String(nowMs + 60_000)));
  writes[1]?.resolve();
  await kept;
  assert.equal(log.filter((line) => line === 'write').length, 2);
});

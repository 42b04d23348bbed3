import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { StateFile } from '../../../../lib/io/state-file.ts';
import { parseCheckpoint } from '../../../../nodes/auth-log-in/checkpoint.ts';
import { openCheckpoint, SourceCheckpoint } from '../../../../nodes/auth-log-in/io/source-checkpoint.ts';
import { temporaryFolder } from '../../../support/folder.ts';

type State = { n: number };
const asState = (value: unknown): State => value as State;

/** A checkpoint on a clock that stands still but for `pass`. */
function newCheckpoint(t: TestContext, saved?: State) {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const file = new StateFile(temporaryFolder(), 'x', asState);
  const checkpoint = new SourceCheckpoint<State>({ file, saved, delayMs: () => 900, onFault: assert.ifError });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { file, checkpoint, pass };
}

test('the first position is in the file at once, so that a restart does not begin at another end', async (t) => {
  const { file, checkpoint } = newCheckpoint(t);
  await checkpoint.begin({ n: 7 });
  assert.deepEqual(file.read(), { n: 7 });
  await checkpoint.close();
});

test('where a position was saved, the first one of this run lags as any other', async (t) => {
  const { file, checkpoint } = newCheckpoint(t, { n: 0 });
  await checkpoint.begin({ n: 7 });
  await checkpoint.close();
  assert.deepEqual(file.read(), { n: 0 });
});

test('close() writes what was handed on long enough ago, and not what may still be between two nodes', async (t) => {
  const { file, checkpoint, pass } = newCheckpoint(t, { n: 0 });
  checkpoint.reached(() => ({ n: 1 }));
  pass(900);
  checkpoint.reached(() => ({ n: 2 }));
  await checkpoint.close();
  assert.deepEqual(file.read(), { n: 1 });
});

test('a busy source is asked for its position ten times in the delay, and for the last one when it rests', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { file, checkpoint, pass } = newCheckpoint(t, { n: 0 });
  const asked: number[] = [];
  const tell = (n: number) => () => {
    asked.push(n);
    return { n };
  };
  for (let n = 1; n <= 20; n += 1) {
    checkpoint.moves();
    checkpoint.reached(tell(n));
    pass(10);
  }
  assert.deepEqual(asked, [1, 10, 19]);
  t.mock.timers.tick(90);
  assert.deepEqual(asked, [1, 10, 19, 20]);
  pass(900);
  await checkpoint.close();
  assert.deepEqual(file.read(), { n: 20 });
});

test('while more is handed on, what was reached before is not asked for', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { checkpoint, pass } = newCheckpoint(t, { n: 0 });
  checkpoint.reached(() => ({ n: 1 }));
  pass(10);
  checkpoint.reached(() => assert.fail('asked too late'));
  checkpoint.moves();
  t.mock.timers.tick(900);
  await checkpoint.close();
});

test('openCheckpoint() tells once of a state file of another shape, moves it aside, and replaces it', async () => {
  const userDir = temporaryFolder();
  const warnings: string[] = [];
  const open = () =>
    openCheckpoint(
      {
        state: new StateFile(userDir, 'auth-log-in-a', parseCheckpoint),
        delayMs: () => 900,
        onWarning: (key) => warnings.push(key),
      },
      '/var/log/auth.log',
    );
  const path = join(userDir, 'infra-monitoring/auth-log-in-a.json');
  mkdirSync(dirname(path));
  writeFileSync(path, '{"file":{"path":"/var/log/auth.log"}}');
  const first = open();
  assert.equal(first.saved, undefined);
  assert.ok(Math.abs((first.lostSinceMs ?? 0) - Date.now()) < 120_000, 'since about now');
  const position = { file: { path: '/var/log/auth.log', files: [], done: [] } };
  await first.checkpoint.begin(position);
  await first.checkpoint.close();
  const second = open();
  assert.deepEqual([second.saved, second.lostSinceMs], [position, undefined]);
  await second.checkpoint.close();
  assert.deepEqual(warnings, ['warning.state']);
});

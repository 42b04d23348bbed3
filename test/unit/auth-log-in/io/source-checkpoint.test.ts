import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { StateFile } from '../../../../lib/io/state-file.ts';
import { openCheckpoint, SourceCheckpoint } from '../../../../nodes/auth-log-in/io/source-checkpoint.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A checkpoint on a clock that stands still but for `pass`. */
function newCheckpoint(t: TestContext, hasSaved: boolean) {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const file = new StateFile<number>(temporaryFolder(), 'x', asNumber);
  const checkpoint = new SourceCheckpoint<number>(file, hasSaved, assert.ifError);
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { file, checkpoint, pass };
}

test('the first position is in the file at once, so that a restart does not begin at another end', async (t) => {
  const { file, checkpoint } = newCheckpoint(t, false);
  await checkpoint.begin(7);
  assert.equal(file.read(), 7);
  await checkpoint.close();
});

test('where a position was saved, the first one of this run lags as any other', async (t) => {
  const { file, checkpoint } = newCheckpoint(t, true);
  await checkpoint.begin(7);
  await checkpoint.close();
  assert.equal(file.read(), undefined);
});

test('close() writes what was handed on long enough ago, and not what may still be between two nodes', async (t) => {
  const { file, checkpoint, pass } = newCheckpoint(t, true);
  checkpoint.reached(1);
  pass(900);
  checkpoint.reached(2);
  await checkpoint.close();
  assert.equal(file.read(), 1);
});

test('openCheckpoint() takes a state file of another shape for none, and replaces it', async () => {
  const userDir = temporaryFolder();
  const options = { userDir, name: 'auth-log-in-a', onWarning: assert.fail };
  const path = join(userDir, 'infra-monitoring/auth-log-in-a.json');
  mkdirSync(dirname(path));
  writeFileSync(path, '{"file":{"path":"/var/log/auth.log"}}');
  const first = openCheckpoint(options);
  assert.equal(first.saved, undefined);
  const position = { file: { path: '/var/log/auth.log', files: [], done: [] } };
  await first.checkpoint.begin(position);
  await first.checkpoint.close();
  const second = openCheckpoint(options);
  assert.deepEqual(second.saved, position);
  await second.checkpoint.close();
});

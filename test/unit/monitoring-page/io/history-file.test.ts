import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { HistoryLine } from '../../../../plugins/monitoring-page/history/lines.ts';
import { HistoryFile } from '../../../../plugins/monitoring-page/io/history-file.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const line = (n: number): HistoryLine => ({
  record: { document: `{"short_message":"${n}"}`, node: 'n', shippedMs: n, firstMs: n, count: 1 },
});

test('what a disk did not take waits, and is written with what comes after it', async () => {
  const path = join(temporaryFolder(), 'page-history');
  const file = new HistoryFile(path);
  // What stands there takes nothing, as a full disk.
  mkdirSync(path);
  file.add(line(1));
  await assert.rejects(
    file.write(() => []),
    { code: 'EISDIR' },
  );
  rmdirSync(path);
  file.add(line(2));
  await file.write(() => []);
  const { lines, fault } = new HistoryFile(path).read();
  assert.deepEqual([lines, fault], [[line(1), line(2)], undefined]);
  assert.match(readFileSync(path, 'utf8'), /^\n/);
});

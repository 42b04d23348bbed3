import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MonitoringError } from '../../../../../lib/errors.ts';
import { RefusedFile, refusedPath } from '../../../../../nodes/graylog-server/io/buffer/refused-file.ts';
import { explained } from '../../../../support/explained.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

test('all ports of a server share one file beside their buffers', () => {
  assert.equal(refusedPath('/x/buffer-a-b.c-main'), '/x/refused-a-b.c.ndjson');
  assert.equal(refusedPath('/x/buffer-a-9090'), '/x/refused-a.ndjson');
});

test('a refused document is a line for its owner alone; the first is said, later ones by their number', async (t) => {
  let nowMs = 1_000;
  t.mock.method(performance, 'now', () => nowMs);
  const path = join(temporaryFolder(), 'folder', 'refused-a.ndjson');
  const said: MonitoringError[] = [];
  const file = new RefusedFile(path, (error) => said.push(error));
  await file.add('{"a":"\n"}', 'HTTP 403');
  await file.add('b', 'HTTP 422');
  assert.equal(said.length, 1);
  assert.equal(explained(said[0]), `1, kept in ${path}: HTTP 403`);
  nowMs += 3_600_001;
  await file.add('c', 'HTTP 422');
  assert.equal(said[1]?.values.count, 2);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).document),
    ['{"a":"\n"}', 'b', 'c'],
  );
  assert.equal(JSON.parse(lines[0] as string).reason, 'HTTP 403');
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('the file is bounded: two of them at most', async () => {
  const path = join(temporaryFolder(), 'refused-a.ndjson');
  const file = new RefusedFile(path, () => undefined);
  for (let n = 0; n < 12; n += 1) await file.add('x'.repeat(500_000), `${n}`);
  assert.ok(statSync(path).size + statSync(`${path}.1`).size <= 4_194_304);
  assert.match(readFileSync(path, 'utf8'), /"11"/);
});

test('where nothing can be written it is said all the same', async () => {
  const said: MonitoringError[] = [];
  const file = new RefusedFile(undefined, (error) => said.push(error));
  await file.add('a', 'HTTP 403');
  assert.equal(explained(said[0]), '1, kept in -: HTTP 403');
  assert.equal(existsSync('undefined'), false);
});

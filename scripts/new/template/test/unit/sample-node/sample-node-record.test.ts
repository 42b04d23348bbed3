import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseFileNr, sampleNodeRecord } from '../../../nodes/sample-node/sample-node-record.ts';

const cases = join(import.meta.dirname, '../../fixtures/sample-node');

for (const name of readdirSync(cases)) {
  test(`what the host has in the case ${name} becomes its record`, () => {
    const text = readFileSync(join(cases, name, 'proc/sys/fs/file-nr'), 'utf8');
    const expected = JSON.parse(readFileSync(join(cases, name, 'expected.json'), 'utf8')) as object;
    const stats = parseFileNr(text);
    assert.ok(stats !== undefined);
    assert.deepEqual(sampleNodeRecord(stats, 'web1', 1_700_000_000_000), expected);
  });
}

test('parseFileNr() takes any other text for absent', () => {
  for (const text of ['', 'many\t0\t1\n', '-1\t0\t1\n', '1088']) assert.equal(parseFileNr(text), undefined);
});

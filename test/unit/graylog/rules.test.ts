import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
// @ts-expect-error It has no types.
import { digestOf, ruleSources } from '../../../scripts/graylog/rule-sources.js';
import { differencesIn, type Row, trimmed } from '../../support/graylog-ours.ts';
import { rawLines } from '../../support/graylog-raw-lines.ts';

/** What a real Graylog made of the raw lines, written by `npm run graylog -- record`. */

const GRAYLOG = fileURLToPath(new URL('../../../graylog', import.meta.url));
const RECORDINGS = new URL('../../fixtures/graylog/', import.meta.url);
const AGAIN = 'record again, on a Graylog with these sources: npm run graylog -- record';

function recording(version: string): { head: { sources: string; recorded: string }; rows: Row[] } {
  const text = readFileSync(new URL(`${version}/rules.jsonl`, RECORDINGS), 'utf8');
  const [head, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row));
  return { head, rows };
}

const versions = readdirSync(RECORDINGS).filter((name) => existsSync(new URL(`${name}/rules.jsonl`, RECORDINGS)));

for (const version of versions) {
  const { head, rows } = recording(version);
  const recordedMs = Date.parse(head.recorded);

  test(`the recording of Graylog ${version} is of these patterns, rules and pipelines`, () => {
    assert.equal(head.sources, digestOf(ruleSources(GRAYLOG)), AGAIN);
  });

  test(`the recording of Graylog ${version} has the raw lines of the fixtures`, () => {
    const recorded = new Set(rows.map(({ line }) => line));
    const missing = rawLines().filter(({ text }) => !recorded.has(text));
    assert.ok(missing.length <= rows.length / 100, `${missing.length} lines are new: ${AGAIN}`);
  });

  test(`no rule of Graylog ${version} failed, and no helper field is left`, () => {
    for (const { line, fields } of rows) {
      assert.equal(fields.gl2_processing_error, undefined, line);
      assert.deepEqual(
        Object.keys(fields).filter((name) => name.startsWith('h_')),
        [],
        line,
      );
    }
  });

  for (const logType of ['auth', 'disk', 'uptime', 'docker_event', 'docker_log']) {
    test(`Graylog ${version} makes the same keys of raw ${logType} lines as this package`, () => {
      const compared = rows.filter((row) => row.log_type === logType);
      assert.ok(compared.length > 5);
      assert.deepEqual(differencesIn(compared, recordedMs), []);
    });
  }

  test(`Graylog ${version} makes bytes of what df -h rounds`, () => {
    const human: [line: string, total: number, used: number, available: number, percent: number][] = [
      ['/dev/vda        252G   46G   46G  51% /', 270_582_939_648, 49_392_123_904, 49_392_123_904, 51],
      ['tmpfs           4.0K     0  4.0K   0% /run/keys', 4_096, 0, 4_096, 0],
      ['/dev/sdc1       7,3T  6,1T  1,2T  84% /srv', 8_026_434_882_764, 6_707_020_929_433, 1_319_413_953_331, 84],
    ];
    for (const [line, total, used, available, percent] of human) {
      const fields = rows.find((row) => row.line === line)?.fields ?? {};
      assert.equal(fields.disk_total_bytes, total);
      assert.equal(fields.disk_used_bytes, used);
      assert.equal(fields.disk_available_bytes, available);
      assert.equal(fields.disk_used_percent, percent);
    }
  });

  test(`Graylog ${version} says of a line that no rule fits that it is one, and keeps its text`, () => {
    const unfit = rows.filter(({ fields }) => fields.parse_error !== undefined);
    assert.ok(unfit.length > 5);
    for (const { line, fields } of unfit) assert.equal(fields.message, trimmed(line));
  });
}

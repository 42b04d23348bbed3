import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

/**
 * A case is a folder with the lines (`input.log`) and the records they give (`expected.json`); `options.json` may name a
 * zone and when the file was last changed. `UPDATE_FIXTURES=1` writes what is expected, to be read before it is committed.
 */
const FIXTURES = new URL('../../../fixtures/auth-log-in/', import.meta.url);

interface Options {
  zone?: string;
  modified?: string;
  rawLine?: boolean;
}

/** Those with `connections.json` alone are judged by the test of the memory of connections. */
const cases = readdirSync(FIXTURES, { withFileTypes: true }).filter(({ name }) =>
  ['input.log', 'expected.json'].every((file) => existsSync(new URL(`${name}/${file}`, FIXTURES))),
);

for (const { name } of cases) {
  test(`auth-log-in understands ${name}`, () => {
    const folder = new URL(`${name}/`, FIXTURES);
    const optionsFile = new URL('options.json', folder);
    const options = existsSync(optionsFile) ? (JSON.parse(readFileSync(optionsFile, 'utf8')) as Options) : {};
    const { zone = 'UTC', modified = '2026-12-01T00:00:00Z', rawLine = false } = options;
    const reader = createLineReader({ host: 'monitored', zone, rawLine });
    const lines = readFileSync(new URL('input.log', folder), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const records = lines.map((line) => {
      const { host, event_id, log_type, ...rest } = reader.fromLine(line, 'id', Date.parse(modified));
      assert.deepEqual([host, event_id, log_type], ['monitored', 'id', 'auth']);
      return rest;
    });
    const expected = new URL('expected.json', folder);
    if (process.env.UPDATE_FIXTURES === '1') writeFileSync(expected, `${JSON.stringify(records, undefined, 2)}\n`);
    assert.deepEqual(records, JSON.parse(readFileSync(expected, 'utf8')));
  });
}

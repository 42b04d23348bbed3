// A rule of graylog-out is a folder in test/fixtures/graylog-out: `payload.json` (and `overrides.json`), and the GELF in
// `expected.json`, or `{"fault": "…"}`. What JSON cannot say is in gelf-values.test.ts.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createEncoder } from '../../../../lib/gelf-encoder.ts';
import { createShaper } from '../../../../nodes/graylog-out/document/shape.ts';
import { brokenRules } from '../../../support/gelf-rules.ts';

const FOLDER = new URL('../../../fixtures/graylog-out/', import.meta.url);
const NOW_MS = Date.parse('2026-11-23T10:00:00.500Z');

const read = (name: string, file: string): unknown => {
  const url = new URL(`${name}/${file}`, FOLDER);
  return existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')) : undefined;
};

for (const name of readdirSync(FOLDER)) {
  test(`graylog-out: ${name.replaceAll('-', ' ')}`, () => {
    const shape = createShaper({ host: 'web-1', largestBytes: 65_535 });
    const { gelf, fault } = shape(read(name, 'payload.json'), NOW_MS, read(name, 'overrides.json'));
    if (gelf === undefined) {
      assert.deepEqual({ fault }, read(name, 'expected.json'));
      return;
    }
    const text = createEncoder()(gelf);
    assert.deepEqual(JSON.parse(text), read(name, 'expected.json'));
    assert.deepEqual(brokenRules(text), []);
  });
}

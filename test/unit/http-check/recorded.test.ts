// A check as it went over the wire, recorded, is a folder in test/fixtures/http-check: `exchange.json`, with the body as
// text, and the record that it becomes with the settings of a new node in `expected.json`.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Exchange } from '../../../nodes/http-check/answer/exchange.ts';
import { checkRecord, judge } from '../../../nodes/http-check/answer/result.ts';
import { readSettings } from '../../../nodes/http-check/settings.ts';
import { applyResult, INITIAL } from '../../../nodes/http-check/state.ts';
import { textOf } from '../../support/body-text.ts';
import { httpWords } from '../../support/http-words.ts';

const FOLDER = new URL('../../fixtures/http-check/', import.meta.url);
const NOW_MS = 1_700_000_000_000;

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'));
}

for (const name of readdirSync(FOLDER)) {
  test(`the recorded check ${name} becomes its record`, async () => {
    const settings = readSettings({});
    assert.ok(!('wrong' in settings));
    const { body, ...rest } = read(`${name}/exchange.json`) as Omit<Exchange, 'body'> & { body?: string };
    const exchange: Exchange = { ...rest, ...(body === undefined ? {} : { body: Buffer.from(body) }) };
    const text = exchange.body && textOf(exchange.body, exchange.contentType);
    const failure = await judge(exchange, text, settings, undefined, httpWords);
    const verdict = applyResult(INITIAL, failure === undefined, NOW_MS, settings);
    const context = { ...settings, name: 'web', host: 'web1', nowMs: NOW_MS };
    assert.deepEqual(checkRecord(exchange, text, failure, verdict, context, httpWords), read(`${name}/expected.json`));
  });
}

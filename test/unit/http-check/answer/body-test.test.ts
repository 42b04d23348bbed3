import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyTestOf, type Jsonata } from '../../../../nodes/http-check/answer/body-test.ts';
import type { Exchange } from '../../../../nodes/http-check/answer/exchange.ts';
import { type CheckSettings, readSettings } from '../../../../nodes/http-check/settings.ts';

const EXCHANGE: Exchange = { url: 'http://web/', method: 'GET', totalMs: 1, phases: {}, redirects: 0 };

/** JSONata that knows two expressions: one is the document itself, the other fails. */
const jsonata: Jsonata = {
  prepareJSONataExpression(expression) {
    if (expression === '(') throw new Error('cannot be parsed');
    return { expression };
  },
  evaluateJSONataExpression(prepared: { expression: string }, document, callback) {
    if (prepared.expression === 'document') callback(null, document);
    else callback(new Error('no such function'), undefined);
  },
};

function bodyTest(matchType: string, match: string) {
  const settings = readSettings({ matchType, match: match || 'x' }) as CheckSettings;
  return bodyTestOf(jsonata, {}, { ...settings, match });
}

test('without a test every body is right, also one that is not text', async () => {
  assert.equal(await bodyTest('none', '')?.(undefined, EXCHANGE), undefined);
});

test('a text is looked for in the body, and a body that is not text is wrong', async () => {
  const contains = bodyTest('contains', 'ok');
  assert.equal(await contains?.('all ok', EXCHANGE), undefined);
  assert.equal(await contains?.('bad', EXCHANGE), 'the body does not contain ok');
  assert.equal(await contains?.(undefined, EXCHANGE), 'the body is not text');
});

test('a JSONata expression must be exactly true of the document', async () => {
  const expression = bodyTest('jsonata', 'document');
  assert.equal(await expression?.('true', EXCHANGE), undefined);
  for (const body of ['1', '"true"', 'true?'])
    assert.equal(await expression?.(body, EXCHANGE), 'document is not true of the body');
  assert.equal(await bodyTest('jsonata', '$f()')?.('1', EXCHANGE), '$f(): no such function');
  assert.equal(await expression?.('true', { ...EXCHANGE, truncated: true }), 'the body is longer than the limit');
});

test('there is no test where the expression cannot be parsed', () => {
  assert.equal(bodyTest('jsonata', '('), undefined);
});

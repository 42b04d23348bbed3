import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { explainEngineError } from '../../../nodes/docker-engine/reasons.ts';

const catalogue = JSON.parse(
  readFileSync(new URL('../../../nodes/docker-engine/locales/en-US/docker-engine.json', import.meta.url), 'utf8'),
)['docker-engine'];

const key = (error: unknown): string => explainEngineError(error, (name) => name);

test('the errors of a connection have words of this node’s own, every one of them in its catalogue', () => {
  const systemErrors = ['ENOENT', 'EACCES', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND'].map((code) => ({ code }));
  const own = (['NO_ANSWER_WITHIN', 'NO_JSON', 'NO_ENGINE'] as const).map((code) => new MonitoringError(code));
  const keys = [...systemErrors, ...own].map(key);
  const prefix = 'docker-engine.reason.';
  for (const found of keys) assert.ok(found.startsWith(prefix), found);
  assert.deepEqual(keys.map((found) => found.slice(prefix.length)).sort(), Object.keys(catalogue.reason).sort());
});

test('any other error has the words of all nodes, or those of the system', () => {
  assert.equal(key(new MonitoringError('NOT_HTTP')), 'error.NOT_HTTP');
  assert.equal(key(new Error('self-signed certificate')), 'self-signed certificate');
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { explainEngineError, explainPodsError } from '../../../nodes/docker-engine/reasons.ts';

const catalogue = JSON.parse(
  readFileSync(new URL('../../../nodes/docker-engine/locales/en-US/docker-engine.json', import.meta.url), 'utf8'),
)['docker-engine'];

const key = (error: unknown): string => explainEngineError(error, (name) => name);

test('the errors of a connection have words of this node’s own, every one of them in its catalogue', () => {
  const systemErrors = ['ENOENT', 'EACCES', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND'].map((code) => ({ code }));
  const own = (['NO_ANSWER_WITHIN', 'NO_JSON', 'NO_ENGINE'] as const).map((code) => new MonitoringError(code));
  const ofPods = ['ENOENT', 'EACCES'].map((code) => explainPodsError({ code }, '/var/log/pods', (name) => name));
  const keys = [...[...systemErrors, ...own].map(key), ...ofPods];
  const prefix = 'docker-engine.reason.';
  for (const found of keys) assert.ok(found.startsWith(prefix), found);
  assert.deepEqual(keys.map((found) => found.slice(prefix.length)).sort(), Object.keys(catalogue.reason).sort());
});

test('any other error has the words of all nodes, or those of the system', () => {
  assert.equal(key(new MonitoringError('NOT_HTTP')), 'error.NOT_HTTP');
  assert.equal(key(new Error('self-signed certificate')), 'self-signed certificate');
});

test('a folder of pods’ logs that cannot be read is no socket: the words name the folder, and nothing of Docker', () => {
  const words = (error: unknown): string =>
    explainPodsError(error, '/var/log/pods', (name, values) => `${name} ${values?.path ?? ''}`.trim());
  const inside = '/var/log/pods/shop_web-0_0f6e';
  assert.equal(words({ code: 'ENOENT' }), 'docker-engine.reason.noFolder /var/log/pods');
  assert.equal(words({ code: 'ENOTDIR', path: '/var/log/pods' }), 'docker-engine.reason.noFolder /var/log/pods');
  assert.equal(words({ code: 'EACCES', path: inside }), `docker-engine.reason.deniedFolder ${inside}`);
  assert.equal(words({ code: 'EPERM' }), 'docker-engine.reason.deniedFolder /var/log/pods');
  assert.equal(
    words(new MonitoringError('NO_ANSWER_WITHIN', { seconds: 8 })),
    'docker-engine.reason.NO_ANSWER /var/log/pods',
  );
  assert.equal(words(new Error('EIO: i/o error')), 'EIO: i/o error');
});

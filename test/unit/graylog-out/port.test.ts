import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPortChoice } from '../../../nodes/graylog-out/port.ts';

const environment = (name: string): string | undefined =>
  ({ LOGGING_PORT_AUTH_LOG: '9001', LOGGING_PORT_SYSTEM_STATS: 'none' })[name];

test('a kind of record goes to the port of its variable, and to that of the server where it has none', () => {
  const portOf = createPortChoice(undefined, environment);
  assert.equal(portOf('auth'), 9001);
  assert.equal(portOf('docker_log'), undefined);
  assert.equal(portOf(undefined), undefined);
});

test('a variable that is no port counts as not set', () => {
  assert.equal(createPortChoice(undefined, environment)('disk'), undefined);
});

test('the port of the node comes before those of the variables', () => {
  assert.equal(createPortChoice('9100', environment)('auth'), 9100);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClient } from '../../../../nodes/docker-engine/io/open-client.ts';

const nodes = {
  getNode: (id: string): unknown =>
    id === 'tls' ? { valid: true, addTLSOptions: (options: object) => options } : null,
};
const none = (): undefined => undefined;
const placeOf = (host: unknown, environment: (name: string) => string | undefined = none, tls?: string): unknown =>
  openClient({ host, tls }, nodes, environment).client?.place;

test('an engine is where the dialog says, else where DOCKER_HOST says, else at the usual socket', () => {
  assert.equal(placeOf('tcp://engine'), 'tcp://engine:2375');
  assert.equal(
    placeOf('', (name) => ({ DOCKER_HOST: 'unix:///x.sock' })[name]),
    '/x.sock',
  );
  assert.equal(placeOf(undefined), '/var/run/docker.sock');
});

test('a TLS configuration encrypts, and so does DOCKER_TLS_VERIFY', () => {
  assert.equal(placeOf('tcp://engine', none, 'tls'), 'https://engine:2376');
  assert.equal(
    placeOf('tcp://engine', (name) => ({ DOCKER_TLS_VERIFY: '1' })[name]),
    'https://engine:2376',
  );
});

test('a wrong address is a fault, and a TLS configuration that is missing an error', () => {
  assert.deepEqual(openClient({ host: 'ftp://x', tls: '' }, nodes, none), { fault: 'scheme', address: 'ftp://x' });
  assert.throws(() => openClient({ host: '', tls: 'gone' }, nodes, none), { code: 'BAD_TLS_CONFIG' });
});

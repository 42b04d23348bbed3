import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownCollectorEndpoint } from '../../../nodes/graylog-server/own-collector.ts';

const at = (address: string, port = 1880) => ({ address: () => ({ address, port }) });

test('the collector is at the port on which Node-RED listens', () => {
  assert.deepEqual(ownCollectorEndpoint(at('127.0.0.1', 1999), {}), [
    { protocol: 'http', host: '127.0.0.1', port: 1999, path: '/gelf' },
  ]);
});

test('a server that listens on every address is reached on the loopback', () => {
  for (const address of ['0.0.0.0', '::']) {
    assert.equal(ownCollectorEndpoint(at(address), {})[0]?.host, '127.0.0.1');
  }
});

test('the path begins with the root of the HTTP nodes, and HTTPS is spoken where Node-RED speaks it', () => {
  const [endpoint] = ownCollectorEndpoint(at('::1'), { httpNodeRoot: '/api/', https: {} });
  assert.deepEqual(endpoint, { protocol: 'https', host: '::1', port: 1880, path: '/api/gelf' });
  assert.equal(ownCollectorEndpoint(at('::1'), { httpNodeRoot: false })[0]?.path, '/gelf');
});

test('there is no collector while the server does not listen, or listens on no port', () => {
  for (const server of [undefined, { address: () => null }, { address: () => '/run/node-red.sock' }]) {
    assert.deepEqual(ownCollectorEndpoint(server, {}), []);
  }
});

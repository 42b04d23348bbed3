import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { isHeadless, ownPage, whenListening } from '../../../nodes/http-check/own-page.ts';

test('ownPage() is the editor, else what the flows serve, at an address of this machine', () => {
  const page = (settings: object): string => ownPage({ settings }).href;
  assert.equal(page({ uiHost: '0.0.0.0' }), 'http://127.0.0.1:1880/');
  assert.equal(page({ uiHost: '::1', uiPort: 1881, https: {}, httpAdminRoot: '/admin' }), 'https://[::1]:1881/admin');
  assert.equal(page({ httpAdminRoot: false, httpNodeRoot: '/api' }), 'http://127.0.0.1:1880/api');
});

/** A server as Node.js has it, that listens or does not yet. */
function serverAt(port: number | undefined) {
  const listening = port !== undefined;
  const address = () => (listening ? { address: '::', port } : null);
  return Object.assign(new EventEmitter(), { listening, address });
}

test('ownPage() takes the port where the server really listens', () => {
  assert.equal(ownPage({ settings: { uiPort: 1880 }, server: serverAt(4711) }).href, 'http://127.0.0.1:4711/');
});

test('whenListening() starts at once where the server listens, else once it does', () => {
  const { signal } = new AbortController();
  const started: string[] = [];
  whenListening({ settings: {} }, () => started.push('no server'), signal);
  whenListening({ settings: {}, server: serverAt(1) }, () => started.push('listens'), signal);
  const server = serverAt(undefined);
  whenListening({ settings: {}, server }, () => started.push('later'), signal);
  assert.deepEqual(started, ['no server', 'listens']);
  server.emit('listening');
  assert.deepEqual(started, ['no server', 'listens', 'later']);
});

test('whenListening() never starts after its signal, and leaves no listener behind', () => {
  const controller = new AbortController();
  const server = serverAt(undefined);
  whenListening({ settings: {}, server }, assert.fail, controller.signal);
  controller.abort();
  server.emit('listening');
  assert.equal(server.listenerCount('listening'), 0);
});

test('isHeadless() knows a Node-RED whose server does not even listen', () => {
  const headless = { httpAdminRoot: false, httpNodeRoot: false } as const;
  assert.equal(isHeadless({ settings: headless }), true);
  assert.equal(isHeadless({ settings: { httpAdminRoot: false } }), false);
  assert.equal(isHeadless({ settings: { ...headless, httpStatic: '/srv' } }), false);
});

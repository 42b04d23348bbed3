import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress, placeOf } from '../../../nodes/docker-engine/address.ts';

const tcp = (host: string, port: number, tls = false, prefix = '') => ({ kind: 'tcp', host, port, tls, prefix });

test('`parseAddress()` reads every form that DOCKER_HOST has', () => {
  const cases: [string, object][] = [
    ['', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['unix:///run/user/1000/docker.sock', { kind: 'socket', path: '/run/user/1000/docker.sock' }],
    ['/run/podman.sock', { kind: 'socket', path: '/run/podman.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '//./pipe/docker_engine' }],
    ['tcp://10.0.0.1', tcp('10.0.0.1', 2375)],
    ['tcp://engine.example:4243/', tcp('engine.example', 4243)],
    ['10.0.0.1:2375', tcp('10.0.0.1', 2375)],
    ['localhost', tcp('localhost', 2375)],
    ['http://proxy/docker/', tcp('proxy', 2375, false, '/docker')],
    ['https://engine', tcp('engine', 2376, true)],
    ['tcp://[::1]:2375', tcp('::1', 2375)],
    ['SSH://me@host', { kind: 'ssh', host: 'host', port: undefined, user: 'me', socket: '/var/run/docker.sock' }],
    ['ssh://host:2222/run/d.sock', { kind: 'ssh', host: 'host', port: 2222, user: undefined, socket: '/run/d.sock' }],
  ];
  for (const [text, address] of cases) assert.deepEqual(parseAddress(text), { address }, text);
});

test('`parseAddress()` encrypts tcp:// where a TLS configuration is chosen', () => {
  assert.deepEqual(parseAddress('tcp://engine', true), { address: tcp('engine', 2376, true) });
  assert.deepEqual(parseAddress('tcp://engine:1234', true), { address: tcp('engine', 1234, true) });
});

test('`parseAddress()` says what is wrong', () => {
  const cases: [string, string][] = [
    ['ftp://host', 'scheme'],
    ['fd://', 'scheme'],
    ['unix://relative.sock', 'path'],
    ['tcp://', 'host'],
    ['tcp://:2375', 'host'],
    ['tcp://host name', 'host'],
    ['tcp://host:port', 'port'],
    ['tcp://host:0', 'port'],
    ['tcp://host:65536', 'port'],
    ['tcp://me@host', 'password'],
    ['ssh://me:secret@host', 'password'],
    // The words for another fault would quote the secret.
    ...[
      'tcp://u:secret@[bad',
      'ftp://u:secret@host',
      'ssh://u:secret@host:port',
      'unix://u:secret@x',
      'u:secret@host:0',
    ].map((text): [string, string] => [text, 'password']),
    ['ssh://me@host:port', 'port'],
    ['ssh://-oProxyCommand=x', 'host'],
    ['ssh://-oProxyCommand=x@host', 'host'],
  ];
  for (const [text, fault] of cases) assert.deepEqual(parseAddress(text), { fault }, text);
});

test('`placeOf()` names the engine without secrets', () => {
  const places = ['', 'tcp://[::1]:1', 'https://e/x', 'ssh://me@h:22'].map((text) => {
    const { address } = parseAddress(text);
    return address && placeOf(address);
  });
  assert.deepEqual(places, ['/var/run/docker.sock', 'tcp://[::1]:1', 'https://e:2376/x', 'ssh://me@h:22']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode } from '../../../lib/errors.ts';
import {
  endpointName,
  largestMessage,
  parseEndpoint,
  parseEndpoints,
  readEndpoints,
  tlsFault,
  withPort,
} from '../../../nodes/graylog-server/endpoint.ts';

const sound: [string, string, string][] = [
  ['graylog', 'tcp://graylog:12201', '/gelf'],
  ['graylog.example:9095', 'tcp://graylog.example:9095', '/gelf'],
  [' 10.0.0.5 ', 'tcp://10.0.0.5:12201', '/gelf'],
  ['udp://graylog', 'udp://graylog:12201', '/gelf'],
  ['TLS://graylog:1', 'tls://graylog:1', '/gelf'],
  ['http://graylog/', 'http://graylog:12201', '/gelf'],
  ['https://graylog:443/logs/gelf', 'https://graylog:443', '/logs/gelf'],
  ['tcp://[::1]:12202', 'tcp://[::1]:12202', '/gelf'],
  ['[fe80::1%eth0]', 'tcp://[fe80::1%eth0]:12201', '/gelf'],
];

for (const [text, name, path] of sound) {
  test(`\`parseEndpoint()\` reads ${text.trim()}`, () => {
    const endpoint = parseEndpoint(text);
    assert.equal(endpointName(endpoint), name);
    assert.equal(endpoint.path, path);
  });
}

const unsound: [string, string][] = [
  ['', 'BAD_ADDRESS'],
  ['ftp://graylog', 'BAD_SCHEME'],
  ['graylog:0', 'BAD_PORT'],
  ['graylog:65536', 'BAD_PORT'],
  ['graylog:', 'BAD_PORT'],
  ['graylog:abc', 'BAD_PORT'],
  ['tcp://graylog/path', 'BAD_ADDRESS'],
  ['http://user@graylog', 'BAD_ADDRESS'],
  ['two words', 'BAD_ADDRESS'],
  ['::1', 'BAD_ADDRESS'],
];

for (const [text, code] of unsound) {
  test(`\`parseEndpoint()\` says ${code} of "${text}"`, () => {
    assert.throws(() => parseEndpoint(text), { code });
  });
}

test('a list is read in order, blanks between its commas are nothing, and an empty one is a fault', () => {
  assert.deepEqual(parseEndpoints('a, udp://b:1,,').map(endpointName), ['tcp://a:12201', 'udp://b:1']);
  assert.throws(() => parseEndpoints(' , '), { code: 'BAD_ADDRESS' });
});

test('`readEndpoints()` gives the fault of a configuration instead of throwing it', () => {
  assert.deepEqual(readEndpoints(undefined, undefined), { endpoints: [] });
  assert.equal(errorCode(readEndpoints('a', '99999').fault), 'BAD_PORT');
  assert.equal(readEndpoints('a', '9090').endpoints[0]?.port, 9090);
});

test('`withPort()` changes the port of every endpoint, and none without one', () => {
  const endpoints = parseEndpoints('a:1,b:2');
  assert.deepEqual(withPort(endpoints, 9).map(endpointName), ['tcp://a:9', 'tcp://b:9']);
  assert.deepEqual(withPort(endpoints, undefined), endpoints);
});

test('`largestMessage()` is what the smallest of the endpoints takes', () => {
  assert.equal(largestMessage(parseEndpoints('a'), 1_420), 2_097_151);
  assert.equal(largestMessage(parseEndpoints('a,http://b'), 1_420), 65_535);
  assert.ok(largestMessage(parseEndpoints('udp://a'), 512) <= 128 * (512 - 12));
});

test('`tlsFault()` is what is wrong with the TLS options, where an endpoint needs them', () => {
  const broken = new Error('no such node');
  const throws = (): never => {
    throw broken;
  };
  assert.equal(tlsFault(parseEndpoints('a,tls://b'), throws), broken);
  assert.equal(tlsFault(parseEndpoints('https://b'), throws), broken);
  assert.equal(tlsFault(parseEndpoints('a,http://b,udp://c'), throws), undefined);
  assert.equal(
    tlsFault(parseEndpoints('tls://b'), () => ({})),
    undefined,
  );
});

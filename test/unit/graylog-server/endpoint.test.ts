import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import {
  endpointName,
  largestMessage,
  parseEndpoint,
  parseEndpoints,
  readEndpoints,
  rowsOf,
  tlsFault,
  usualPort,
  withPort,
} from '../../../nodes/graylog-server/endpoint.ts';
import { explained } from '../../support/explained.ts';

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
  ['amqp://broker', 'amqp://broker:5672', '/'],
  ['amqp://broker/', 'amqp://broker:5672', '/'],
  ['amqps://broker/%2F', 'amqps://broker:5671', '/'],
  ['amqps://broker:1/logs', 'amqps://broker:1/logs', 'logs'],
  ['amqp://name:s3cret@broker/a%2Fb', 'amqp://broker:5672/a%2Fb', 'a/b'],
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
  ['user:s3cret@graylog', 'PASSWORD_IN_ADDRESS'],
  ['file:relative', 'BAD_ADDRESS'],
  ['file://host/path', 'BAD_ADDRESS'],
  ['two words', 'BAD_ADDRESS'],
  ['amqp://broker/a/b', 'BAD_ADDRESS'],
  ['amqp://broker/a?heartbeat=1', 'BAD_ADDRESS'],
  ['amqp://broker/%zz', 'BAD_ADDRESS'],
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
  assert.deepEqual(readEndpoints(undefined, undefined).endpoints.map(endpointName), ['file:']);
  assert.equal(errorCode(readEndpoints('a', '99999').fault), 'BAD_PORT');
  assert.equal(readEndpoints('a', '9090').endpoints[0]?.port, 9090);
});

test('a broker has ports of its own, but for one that is configured, and keeps it whatever the kind of record', () => {
  assert.deepEqual(readEndpoints('amqp://b,tls://c', undefined).endpoints.map(endpointName), [
    'amqp://b:5672',
    'tls://c:12201',
  ]);
  const endpoints = readEndpoints('amqp://b,tls://c', '9').endpoints;
  assert.deepEqual(endpoints.map(endpointName), ['amqp://b:9', 'tls://c:9']);
  assert.deepEqual(withPort(endpoints, 10).map(endpointName), ['amqp://b:9', 'tls://c:10']);
});

test('the name and the password of a broker are read, percent-encoded or not, and shown nowhere', () => {
  const endpoint = parseEndpoint('amqp://us%40er:p:s%2F@broker');
  assert.deepEqual(endpoint.login, { user: 'us@er', password: 'p:s/' });
  assert.equal(endpointName(endpoint), 'amqp://broker:5672');
});

test('`withPort()` changes the port of every endpoint, and none without one', () => {
  const endpoints = parseEndpoints('a:1,b:2');
  assert.deepEqual(withPort(endpoints, 9).map(endpointName), ['tcp://a:9', 'tcp://b:9']);
  assert.deepEqual(withPort(endpoints, undefined), endpoints);
});

test('without an address, and where one cannot be had, there is the file of the user directory, or the fault', () => {
  const broken = new Error('no such file');
  const throws = (): never => {
    throw broken;
  };
  assert.deepEqual(readEndpoints(throws, undefined), { endpoints: [], fault: broken });
  assert.deepEqual(readEndpoints('a', throws), { endpoints: [], fault: broken });
});

for (const [text, path] of [
  ['file:', ''],
  ['FILE:', ''],
  [' file:/srv/records.ndjson ', '/srv/records.ndjson'],
  ['file:///srv/a b.ndjson', '/srv/a b.ndjson'],
  ['file:C:\\logs\\r.ndjson', 'C:\\logs\\r.ndjson'],
  ['file:///C:/logs/r.ndjson', 'C:/logs/r.ndjson'],
] as const) {
  test(`\`parseEndpoint()\` takes ${text.trim()} for a file`, () => {
    const endpoint = parseEndpoint(text);
    assert.deepEqual([endpoint.protocol, endpoint.path], ['file', path]);
    assert.equal(endpointName(endpoint), `file:${path}`);
  });
}

test('a server of the name file is still one where it has a port or a scheme', () => {
  assert.equal(endpointName(parseEndpoint('file')), 'tcp://file:12201');
  assert.equal(endpointName(parseEndpoint('tcp://file:1')), 'tcp://file:1');
  assert.equal(endpointName(parseEndpoint('file:1')), 'tcp://file:1');
});

test('a name and a password become Basic authorization, decoded, and are in no name', () => {
  for (const [text, plain] of [
    ['https://user:s3cret@graylog.example:1', 'user:s3cret'],
    ['http://user@graylog.example:1', 'user:'],
    ['https://us%3Aer:a%2Cb%40c%C3%BC@graylog.example:1/gelf', 'us:er:a,b@cü'],
    ['https://user:a@b@graylog.example:1', 'user:a@b'],
  ] as const) {
    const endpoint = parseEndpoint(text);
    const [kind, encoded = ''] = endpoint.authorization?.split(' ') ?? [];
    assert.equal(kind, 'Basic');
    assert.equal(Buffer.from(encoded, 'base64').toString(), plain);
    assert.match(endpointName(endpoint), /^https?:\/\/graylog\.example:1$/);
  }
});

for (const text of [
  'https://user:s3cret@graylog:99999',
  'https://user:s3cret@',
  'https://user:s3cret@two words',
  'https://user:s3cret@graylog:abc',
  'https://user:s3/cret@graylog',
  'https://user:a,s3cret@graylog',
  'https://user:s3cret,b@graylog',
  'https://user:s3cret',
  'https://user:%s3cret@graylog',
  'tcp://user:s3cret@graylog',
  'ftp://user:s3cret@graylog',
  'user:s3cret@graylog',
  'graylog, tls://user:s3cret@b',
  'tcp://graylog/path?token=s3cret',
  'https://user:s3cret@graylog, tcp://b/path',
]) {
  test(`the fault of "${text}" shows no password`, () => {
    const { fault } = readEndpoints(text, undefined);
    assert.ok(fault instanceof MonitoringError);
    assert.doesNotMatch(JSON.stringify([fault.values, fault.message, fault.stack, explained(fault)]), /s3|cret/);
  });
}

test('the fault of an address has no control character and is short', () => {
  const { fault } = readEndpoints(`ftp://a\u001b[31m${'x'.repeat(500)}`, undefined);
  assert.match(explained(fault), /ftp:\/\/a\\x1b/);
  assert.ok(explained(fault).length < 300);
});

test('`largestMessage()` is what the smallest of the endpoints takes', () => {
  assert.equal(largestMessage(parseEndpoints('a'), 1_420), 2_097_151);
  assert.equal(largestMessage(parseEndpoints('a,http://b'), 1_420), 65_535);
  assert.equal(largestMessage(parseEndpoints('file:'), 1_420), 2_097_151);
  assert.equal(largestMessage([], 1_420), 2_097_151);
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

test('rows of the dialog belong to the schemes of its addresses', () => {
  const shown = (addresses: string | undefined): string[] =>
    Object.entries(rowsOf(addresses)).flatMap(([kind, isShown]) => (isShown ? [kind] : []));
  assert.deepEqual(shown('udp://a'), ['udp']);
  assert.deepEqual(shown('graylog.example'), ['tcp']);
  assert.deepEqual(shown('tls://a:12201'), ['tcp', 'tls']);
  assert.deepEqual(shown('http://a'), ['http']);
  assert.deepEqual(shown('https://a'), ['tls', 'http']);
  assert.deepEqual(shown('file:'), []);
  assert.deepEqual(shown('udp://a, https://b'), ['udp', 'tls', 'http']);
  for (const open of [undefined, 'ftp://a', 'tcp://'])
    assert.deepEqual(shown(open), ['udp', 'tcp', 'tls', 'http', 'amqp']);
  assert.deepEqual(shown('amqp://a'), ['amqp']);
  assert.deepEqual(shown('amqps://a'), ['tls', 'amqp']);
});

test('the port that the dialog shows in its empty field is that of the kind of the first address', () => {
  for (const addresses of [undefined, 'graylog.example', 'ftp://a', 'https://a', 'tcp://a, amqp://b'])
    assert.equal(usualPort(addresses), 12_201);
  assert.equal(usualPort('amqp://a'), 5_672);
  assert.equal(usualPort('amqps://a:1, tcp://b'), 5_671);
});

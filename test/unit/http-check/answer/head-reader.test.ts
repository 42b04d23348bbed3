import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeadReader, type ReadHead } from '../../../../nodes/http-check/answer/head-reader.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

/** Reads a head that comes in parts of `size` bytes. */
function read(text: string, size = text.length): ReadHead | undefined {
  const bytes = Buffer.from(text, 'latin1');
  const reader = new HeadReader();
  for (let from = 0; from < bytes.length; from += size) {
    const head = reader.push(bytes.subarray(from, from + size));
    if (head !== undefined) return { ...head, rest: Buffer.concat([head.rest, bytes.subarray(from + size)]) };
  }
  return undefined;
}

test('a head is read in whatever parts it comes, and what is behind it is the body', () => {
  const text = 'HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\nB:2\r\nA:  3 \r\n\r\nbody';
  for (const size of [1, 2, 3, 7, 1000]) {
    const head = read(text, size);
    assert.deepEqual(
      [head?.code, [...(head?.fields ?? [])]],
      [
        200,
        [
          ['a', ['1', '3']],
          ['b', ['2']],
        ],
      ],
    );
    assert.deepEqual([String(head?.rest), head?.deviation], ['body', undefined]);
  }
});

const LENIENT: { [what: string]: [head: string, name: string, value: string, deviation: string] } = {
  'LF alone': ['HTTP/1.1 200 OK\nA: 1\n\n', 'a', '1', 'LF'],
  'a blank in a name': ['HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n', 'bad name', '1', 'bad name'],
  'a blank before the colon': ['HTTP/1.1 200 OK\r\nA : 1\r\n\r\n', 'a', '1', 'a'],
  'a control character': ['HTTP/1.1 200 OK\r\nSet-Cookie: a=\x01\r\n\r\n', 'set-cookie', 'a=\x01', 'set-cookie'],
  'CR within a line': ['HTTP/1.1 200 OK\r\nA: 1\r2\r\n\r\n', 'a', '1\r2', 'a'],
  'CR twice at an end': ['HTTP/1.1 200 OK\r\r\nA: 1\r\r\n\r\r\n', 'a', '1', ''],
  'a folded line': ['HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\n\r\n', 'a', '1 2', 'LF'],
  'another version': ['HTTP/1.9 200 OK\r\nA: 1\r\n\r\n', 'a', '1', 'HTTP'],
  'an empty name': ['HTTP/1.1 200\r\n: 1\r\n\r\n', '', '1', ':'],
};

for (const [what, [text, name, value, deviation]] of Object.entries(LENIENT)) {
  test(`a head is read although it has ${what}, and that it does is known`, () => {
    const head = read(text);
    assert.deepEqual([head?.code, head?.fields.get(name)], [200, [value]]);
    assert.equal(head?.deviation ?? '', deviation);
  });
}

test('a status line without a reason, blank lines before it and 101 are read', () => {
  assert.equal(read('HTTP/1.1 204\r\n\r\n')?.code, 204);
  assert.equal(read('\r\n\r\nHTTP/1.0 200 OK\r\n\r\n')?.code, 200);
  assert.equal(read('HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n')?.code, 101);
});

test('what is no head is refused', () => {
  for (const [text, code] of [
    ['220 mail.example.org ESMTP\r\n', 'NOT_HTTP'],
    ['SSH-2.0-OpenSSH\r\n', 'NOT_HTTP'],
    ['HTTP/1.1 OK\r\n\r\n', 'NOT_HTTP'],
    ['HTTP/1.1 2000 OK\r\n\r\n', 'NOT_HTTP'],
    ['\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0d', 'SPEAKS_HTTP2'],
    ['\0\0\0\0\0\0\0\0\0\0', 'NOT_HTTP'],
    ['HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'BAD_HEADER_LINE'],
    ['HTTP/1.1 200 OK\r\nA: \0\r\n\r\n', 'BAD_HEADER_LINE'],
    [`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(310_000)}`, 'HEAD_TOO_LARGE'],
    ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(20_000), 'HEAD_TOO_LARGE'],
  ] as const)
    assert.throws(() => read(text, 1_000), { code }, JSON.stringify(text.slice(0, 40)));
  assert.equal(read('HTT'), undefined);
  assert.equal(read('\0\0'), undefined);
});

test('a large head takes no time, however small its parts are', () => {
  const large = `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(250_000)}\r\n\r\n`;
  const tookMs = cpuMsOf(() => assert.equal(read(large, 100)?.code, 200));
  assert.ok(tookMs < 1_000, `${tookMs} ms`);
});

// Risk: a server that curl, and so its operator, finds up is said to be down, since its answers are not quite standard.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { CheckRequest } from '../../../nodes/http-check/io/check.ts';
import { bodyText } from '../../support/exchange.ts';
import { checkOnce, failureReason } from '../../support/http-checks.ts';
import { serveTcp } from '../../support/http-servers.ts';
import { writeEvery } from '../../support/pace.ts';
import { program } from '../../support/real.ts';

/** One server. The verdict of curl, where it is installed, must be the same. */
interface Row {
  /** All that the server sends to a request, or what it does with it. */
  answer: string | Buffer | ((request: string, socket: Socket) => void);
  /** The response code, or the failure's type. */
  verdict: number | string;
  body?: string;
  request?: Partial<CheckRequest>;
  /** More arguments; false: curl is not asked. */
  curl?: string[] | false;
  /** What says that the answer is not standard, where only such are taken; undefined: nothing does. */
  deviation?: string;
  path?: string;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const fine = (fields: string, body = 'fine'): string => `${OK}${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
const encoded = (encoding: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${OK}Content-Encoding: ${encoding}\r\n\r\n`), body]);

const pathOf = (request: string): string =>
  (/^\w+ (\S+)/.exec(request)?.[1] ?? '').replace(/%../g, (byte) => byte.toUpperCase());

/** Answers by the path that is asked for; curl writes the digits of an encoded byte in small letters. */
const byPath =
  (answers: { [path: string]: string }, other: string) =>
  (request: string, socket: Socket): void =>
    void socket.end(answers[pathOf(request)] ?? other, 'latin1');

const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';

const ROWS: { [what: string]: Row } = {
  '20 kB of headers': { answer: fine(`Content-Security-Policy: ${'a'.repeat(20_000)}\r\n`), verdict: 200 },
  '60 cookies of 1 kB': { answer: fine(`Set-Cookie: a=${'b'.repeat(1_000)}\r\n`.repeat(60)), verdict: 200 },
  'headers without an end': {
    answer: `${OK}A: ${'a'.repeat(400_000)}`,
    verdict: 'connection_failed',
  },
  'a length beside chunks': {
    answer: `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n\r\n`,
    verdict: 200,
    body: 'fine',
    deviation: 'content-length',
  },
  'the same length twice': {
    answer: fine('Content-Length: 4\r\n'),
    verdict: 200,
    body: 'fine',
    deviation: 'content-length',
  },
  'a length with a comma': {
    answer: `${OK}Content-Length: 4, 4\r\n\r\nfine`,
    verdict: 200,
    deviation: 'content-length',
  },
  'a length that is none': {
    answer: `${OK}Content-Length: many\r\n\r\nfine`,
    verdict: 'connection_failed',
  },
  'more body than its length': { answer: `${OK}Content-Length: 4\r\n\r\nfine and more`, verdict: 200, body: 'fine' },
  'a control character in a cookie': { answer: fine('Set-Cookie: a=\x01b\r\n'), verdict: 200, deviation: 'set-cookie' },
  'a blank within a name': { answer: fine('Bad Name: 1\r\n'), verdict: 200, deviation: 'bad name' },
  'a blank before a colon': { answer: fine('A : 1\r\n'), verdict: 200, deviation: 'a' },
  'LF alone at the ends of lines': {
    answer: 'HTTP/1.1 200 OK\nContent-Length: 4\n\nfine',
    verdict: 200,
    body: 'fine',
    deviation: 'LF',
  },
  'a folded line': { answer: fine('A: 1\r\n 2\r\n'), verdict: 200, deviation: 'LF' },
  'UTF-8 in a value': { answer: Buffer.from(fine('A: größe\r\n')), verdict: 200 },
  'a line without a colon': { answer: fine('nonsense\r\n'), verdict: 'connection_failed' },
  'a NUL in a header': { answer: fine('A: \0\r\n'), verdict: 'connection_failed' },
  'no reason in the status line': { answer: 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', verdict: 200 },
  'HTTP/1.0 without a length': { answer: 'HTTP/1.0 200 OK\r\n\r\nfine', verdict: 200, body: 'fine' },
  '103 before the answer': {
    answer: `HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${fine('')}`,
    verdict: 200,
    body: 'fine',
  },
  'no HTTP at all': { answer: '220 mail.example.org ESMTP\r\n', verdict: 'connection_failed' },
  'no byte': { answer: '', verdict: 'connection_failed' },
  'chunks with extensions, and LF alone': {
    answer: `${OK}Transfer-Encoding: chunked\r\n\r\n4;a=b\nfine\n0\n\n`,
    verdict: 200,
    body: 'fine',
  },
  'chunks without an end': {
    answer: `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n`,
    verdict: 'body_read_error',
  },
  'a chunk that is none': { answer: `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, verdict: 'body_read_error' },
  'a body shorter than its length': { answer: `${OK}Content-Length: 9\r\n\r\nfine`, verdict: 'body_read_error' },
  'gzip announced for no body, in chunks': {
    answer: `${OK}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    verdict: 200,
    body: '',
  },
  'gzip announced for no body, until the end': { answer: encoded('gzip', Buffer.alloc(0)), verdict: 200, body: '' },
  'gzip twice': {
    answer: encoded('gzip, gzip', gzipSync(gzipSync('fine'))),
    verdict: 200,
    body: 'fine',
    curl: ['--compressed'],
  },
  'deflate with the header of zlib': { answer: encoded('deflate', deflateSync('fine')), verdict: 200, body: 'fine' },
  'deflate as it is': {
    answer: encoded('deflate', deflateRawSync('fine')),
    verdict: 200,
    body: 'fine',
    curl: ['--compressed'],
  },
  'UTF-8 in a Location': {
    answer: byPath(
      { '/': Buffer.from('HTTP/1.1 302 Found\r\nLocation: /café\r\n\r\n').toString('latin1'), '/caf%C3%A9': fine('') },
      NOT_FOUND,
    ),
    verdict: 200,
  },
  'Latin-1 in a Location': {
    answer: byPath({ '/': 'HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\n\r\n', '/caf%E9': fine('') }, NOT_FOUND),
    verdict: 200,
  },
  'a blank in a Location': {
    answer: byPath({ '/': 'HTTP/1.1 302 Found\r\nLocation: /a b\r\n\r\n', '/a%20b': fine('') }, NOT_FOUND),
    verdict: 200,
  },
  'an empty Location': { answer: 'HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n', verdict: 302 },
  'a cookie that must come back': {
    answer: (request, socket) =>
      void socket.end(
        /^cookie: .*seen=yes/im.test(request)
          ? fine('')
          : 'HTTP/1.1 302 Found\r\nSet-Cookie: seen=yes; Path=/\r\nLocation: /\r\nContent-Length: 0\r\n\r\n',
      ),
    verdict: 200,
  },
  'a circle of redirects': {
    answer: 'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n',
    verdict: 'redirect_limit',
    curl: ['--max-redirs', '5'],
  },
  '101 to a request to upgrade': {
    answer: (_, socket) =>
      void socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    verdict: 101,
    request: { headers: { connection: 'Upgrade', upgrade: 'websocket' } },
    // It waits for another answer until its time is up.
    curl: false,
  },
  'a stream without an end': {
    answer: (_, socket) => {
      socket.write(`${OK}Content-Type: text/event-stream\r\n\r\n`);
      socket.once(
        'close',
        writeEvery(50, () => socket.write('data: fine\n\n')),
      );
    },
    verdict: 'timeout',
    request: { timeoutMs: 1_000 },
    curl: ['--max-time', '1'],
  },
  'a stream that has the text': {
    answer: (_, socket) => {
      socket.write(`${OK}Content-Type: text/event-stream\r\n\r\n`);
      socket.once(
        'close',
        writeEvery(50, () => socket.write('data: fine\n\n')),
      );
    },
    verdict: 200,
    request: { timeoutMs: 5_000, keyword: 'fine' },
    curl: false,
  },
  'a stream whose headers are enough': {
    answer: (_, socket) => void socket.write(`${OK}Content-Type: audio/mpeg\r\n\r\nbytes`),
    verdict: 200,
    request: { timeoutMs: 5_000, isHeadEnough: true },
    curl: ['--head', '--request', 'GET'],
  },
};

/** A server that answers each request so. */
function serveRow(t: TestContext, { answer }: Row): Promise<number> {
  return serveTcp(t, (socket) => {
    socket.once('data', (request) => {
      if (typeof answer === 'function') answer(String(request), socket);
      else socket.end(typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer);
    });
  });
}

/** What curl makes of it: its exit code, and the response code. */
function askCurl(url: string, more: readonly string[]): Promise<{ exit: number; code: number }> {
  const args = [
    '-q',
    '--silent',
    '--location',
    '--cookie',
    '',
    '--noproxy',
    '*',
    '--max-time',
    '10',
    '--output',
    '/dev/null',
  ];
  return new Promise((resolve) => {
    execFile('curl', [...args, ...more, '--write-out', '%{http_code}', url], { timeout: 30_000 }, (error, stdout) =>
      resolve({ exit: error === null ? 0 : Number(error.code), code: Number(stdout) }),
    );
  });
}

for (const [what, row] of Object.entries(ROWS)) {
  test(`${what}: ${row.verdict}, as curl has it`, async (t) => {
    const url = `http://127.0.0.1:${await serveRow(t, row)}${row.path ?? '/'}`;
    const exchange = await checkOnce(url, row.request);
    assert.equal(exchange.failure?.type ?? exchange.responseCode, row.verdict, failureReason(exchange));
    if (row.body !== undefined) assert.equal(bodyText(exchange), row.body);
    if (row.curl === false || program('curl') === undefined) return;
    const { exit, code } = await askCurl(url, row.curl ?? []);
    const isUp = typeof row.verdict === 'number';
    assert.equal(exit === 0, isUp, `curl ended with ${exit}`);
    if (isUp) assert.equal(code, row.verdict);
  });
}

test('where only standard answers are taken, the others are connection_failed and say where they are not', async (t) => {
  for (const [what, row] of Object.entries(ROWS)) {
    if (typeof row.verdict === 'string') continue;
    const url = `http://127.0.0.1:${await serveRow(t, row)}/`;
    const exchange = await checkOnce(url, { ...row.request, isStrict: true });
    const reason = row.deviation === undefined ? '' : `error.ANSWER_NOT_STANDARD ${row.deviation}`;
    assert.equal(failureReason(exchange), reason, what);
  }
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Exchange } from '../../../nodes/http-check/answer/exchange.ts';
import { judge } from '../../../nodes/http-check/answer/result.ts';
import { checkOnce, failureReason } from '../../support/http-checks.ts';
import { closedPort, makeCertificate, serve, serveTcp, serveTls } from '../../support/http-servers.ts';
import { program, real } from '../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);
const linux = real('Linux', process.platform === 'linux');
const local = (port: number): string => `http://127.0.0.1:${port}/`;

function failed({ failure }: Exchange): string {
  return `${failure?.type} in ${failure?.phase}`;
}

function text({ body }: Exchange): string {
  return Buffer.from(body ?? []).toString();
}

test('a server that refuses is connection_failed', async () => {
  const exchange = await checkOnce(local(await closedPort()));
  assert.equal(failed(exchange), 'connection_failed in connect');
  assert.match(failureReason(exchange), /ECONNREFUSED/);
  assert.equal(exchange.responseCode, undefined);
});

/** A server that is stopped with a full queue: the kernel leaves further connections without an answer. */
async function stoppedServer(t: TestContext): Promise<number> {
  const program = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  child.kill('SIGSTOP');
  for (let queued = 0; queued < 10; queued += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    t.after(() => socket.destroy());
    const connected = once(socket, 'connect', { signal: AbortSignal.timeout(300) });
    if (
      !(await connected.then(
        () => true,
        () => false,
      ))
    )
      return port;
  }
  throw new Error('the queue of the stopped server did not fill');
}

test('a server that hangs before the connection is a timeout in connect', linux, async (t) => {
  const exchange = await checkOnce(local(await stoppedServer(t)), { timeoutMs: 400 });
  assert.equal(failed(exchange), 'timeout in connect');
  assert.ok((exchange.phases.connect ?? 0) >= 380 && exchange.totalMs < 1_500);
});

test('a server that hangs before the headers is a timeout in first_byte', async (t) => {
  const port = await serveTcp(t, () => undefined);
  const exchange = await checkOnce(local(port), { timeoutMs: 300 });
  assert.equal(failed(exchange), 'timeout in first_byte');
  assert.ok((exchange.phases.first_byte ?? 0) >= 250 && exchange.totalMs < 1_500);
});

test('a server that hangs in the body is a timeout, with the code it had sent', async (t) => {
  const url = await serve(t, (_request, response) => response.writeHead(200, { 'content-length': 10 }).write('half'));
  const exchange = await checkOnce(url, { timeoutMs: 300 });
  assert.equal(failed(exchange), 'timeout in body');
  assert.equal(exchange.responseCode, 200);
});

test('a server that resets before the headers is connection_failed', async (t) => {
  const port = await serveTcp(t, (socket) => socket.once('data', () => socket.resetAndDestroy()));
  assert.equal(failed(await checkOnce(local(port))), 'connection_failed in first_byte');
});

test('a server that closes without a word, or answers no HTTP, is connection_failed', async (t) => {
  const silent = await serveTcp(t, (socket) => socket.once('data', () => socket.end()));
  assert.equal(failed(await checkOnce(local(silent))), 'connection_failed in first_byte');
  const other = await serveTcp(t, (socket) => socket.end('220 mail.example.org ESMTP\r\n'));
  assert.equal(failed(await checkOnce(local(other))), 'connection_failed in first_byte');
});

test('a body that is reset, cut short or no gzip is body_read_error', async (t) => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf';
  const answer = (end: (socket: Socket) => void) =>
    serveTcp(t, (socket) => socket.once('data', () => socket.write(head, () => end(socket))));
  const reset = await serveTcp(t, (socket) => {
    socket.once('data', () => socket.write(head, () => setImmediate(() => socket.resetAndDestroy())));
  });
  const cut = await answer((socket) => socket.end());
  for (const port of [reset, cut]) assert.equal(failed(await checkOnce(local(port))), 'body_read_error in body');
  const url = await serve(t, (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip');
  });
  assert.equal(failed(await checkOnce(url)), 'body_read_error in body');
});

test('gzip, deflate, brotli and chunked bodies are read', async (t) => {
  const plain = 'the body '.repeat(1000);
  const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
  for (const [encoding, encode] of Object.entries(encoders)) {
    const packed = encode(plain);
    const url = await serve(t, (_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(packed);
    });
    const exchange = await checkOnce(url);
    assert.equal(text(exchange), plain);
    assert.equal(exchange.bytes, packed.length);
  }
  const chunked = await serve(t, (_request, response) => {
    response.write('one ');
    setImmediate(() => response.end('two'));
  });
  assert.equal(text(await checkOnce(chunked)), 'one two');
});

test('a response without a body is read whatever encoding it announces', async (t) => {
  const url = await serve(t, (request, response) => {
    const code = Number(request.url?.slice(1));
    response.writeHead(code, { 'content-encoding': 'gzip', ...(code === 200 ? { 'content-length': 0 } : {}) }).end();
  });
  for (const [code, method] of [
    [204, 'GET'],
    [200, 'GET'],
    [201, 'HEAD'],
  ] as const) {
    const exchange = await checkOnce(`${url}/${code}`, { method });
    assert.deepEqual([exchange.failure, exchange.responseCode, exchange.bytes], [undefined, code, 0]);
  }
});

test('of a body of 100 MB only the limit is read, and the connection is closed', async (t) => {
  const block = Buffer.alloc(64 * 1024, 'x');
  const closed: Promise<unknown>[] = [];
  const url = await serve(t, (request, response) => {
    let left = (100 * 1024 * 1024) / block.length;
    const more = (): void => {
      while (left-- > 0) if (!response.write(block)) return;
      response.end();
    };
    closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
    response.on('drain', more);
    more();
  });
  const exchange = await checkOnce(url, { bodyLimit: 128 * 1024 });
  assert.equal(exchange.failure, undefined);
  assert.equal(exchange.body?.length, 128 * 1024);
  assert.equal(exchange.truncated, true);
  assert.ok((exchange.bytes ?? 0) < 2 * 1024 * 1024);
  await Promise.all(closed);
});

test('redirects are followed up to the limit, and a circle is redirect_limit', async (t) => {
  const seen: string[] = [];
  const url = await serve(t, (request, response) => {
    seen.push(request.url ?? '');
    if (request.url === '/start') response.writeHead(302, { location: 'end' }).end();
    else if (request.url === '/end') response.end('arrived');
    else response.writeHead(301, { location: '/circle' }).end();
  });
  const arrived = await checkOnce(`${url}/start`);
  assert.equal(text(arrived), 'arrived');
  assert.deepEqual([arrived.redirects, arrived.responseCode], [1, 200]);
  const circle = await checkOnce(`${url}/circle`, { maxRedirects: 3 });
  assert.equal(failed(circle), 'redirect_limit in body');
  assert.equal(circle.responseCode, 301);
  assert.equal(seen.filter((path) => path === '/circle').length, 4);
  const ignored = await checkOnce(`${url}/start`, { maxRedirects: 0 });
  assert.deepEqual([ignored.responseCode, ignored.failure], [302, undefined]);
});

test('secrets do not follow a redirect to another server', async (t) => {
  let received: IncomingMessage['headers'] = {};
  const other = await serve(t, (request, response) => {
    received = request.headers;
    response.end();
  });
  const url = await serve(t, (_request, response) => response.writeHead(307, { location: other }).end());
  await checkOnce(url, { headers: { authorization: 'Bearer secret', 'x-mine': 'stays' } });
  assert.deepEqual([received.authorization, received['x-mine']], [undefined, 'stays']);
});

test('method, headers and body arrive at the server', async (t) => {
  const url = await serve(t, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end(`${request.method} ${request.headers['content-type']} ${Buffer.concat(chunks)}`);
  });
  const request = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'größe' };
  assert.equal(text(await checkOnce(url, request)), 'POST text/plain größe');
});

test(
  'a certificate that has ended, is self-signed or of another name is tls_error with its days, and nothing is sent',
  openssl,
  async (t) => {
    let requests = 0;
    const cases = [
      { certificate: makeCertificate(undefined, -3), trusted: true, reason: /EXPIRED/, days: -3 },
      { certificate: makeCertificate(undefined, 30), trusted: false, reason: /SELF_SIGNED/, days: 30 },
      {
        certificate: makeCertificate('DNS:other.example.org', 12),
        trusted: true,
        reason: /ALTNAME|altnames/i,
        days: 12,
      },
    ];
    for (const { certificate, trusted, reason, days } of cases) {
      const url = await serveTls(t, certificate, (_request, response) => {
        requests += 1;
        response.end();
      });
      const exchange = await checkOnce(url, { tls: trusted ? { ca: certificate.cert } : {}, family: 4 });
      assert.equal(failed(exchange), 'tls_error in tls');
      assert.match(failureReason(exchange), reason);
      assert.equal(exchange.tlsDaysLeft, days);
    }
    assert.equal(requests, 0);
  },
);

test('a certificate of a trusted authority is success, with its days on a failing check too', openssl, async (t) => {
  const certificate = makeCertificate(undefined, 30);
  const url = await serveTls(t, certificate, (_request, response) => response.writeHead(500).end('broken'));
  const exchange = await checkOnce(url, { tls: { ca: certificate.cert } });
  assert.deepEqual([exchange.failure, exchange.responseCode, exchange.tlsDaysLeft], [undefined, 500, 30]);
  const verdict = await judge(exchange, 'broken', { accept: [[200, 299]], maxTimeMs: undefined }, undefined, String);
  assert.equal(verdict?.type, 'status_mismatch');
});

test('a server that speaks no TLS is tls_error', async (t) => {
  const url = await serve(t, (_request, response) => response.end());
  const exchange = await checkOnce(url.replace('http:', 'https:'));
  assert.equal(failed(exchange), 'tls_error in tls');
  assert.match(failureReason(exchange), /^[\w ]+$/);
});

test('a missing client certificate is tls_error', openssl, async (t) => {
  const certificate = makeCertificate();
  const demanding = { ...certificate, requestCert: true, ca: certificate.cert };
  const url = await serveTls(t, demanding, (_request, response) => response.end('in'));
  const without = await checkOnce(url, { tls: { ca: certificate.cert } });
  assert.equal(without.failure?.type, 'tls_error');
  const { key, cert } = certificate;
  assert.equal(text(await checkOnce(url, { tls: { ca: cert, key, cert } })), 'in');
});

test('a server on IPv6 alone is reached, and not when IPv4 is demanded', real('IPv6', await hasIpv6()), async (t) => {
  const url = await serve(t, (_request, response) => response.end('six'), '::1');
  assert.equal(text(await checkOnce(url)), 'six');
  assert.equal(text(await checkOnce(url, { family: 6 })), 'six');
  assert.equal(failed(await checkOnce(url, { family: 4 })), 'dns_error in dns');
});

async function hasIpv6(): Promise<boolean> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '::1');
  const listening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return listening;
}

test('the time to the first byte and of the body are those of the clock of the server', async (t) => {
  const server = { waited: 0, wrote: 0 };
  const url = await serve(t, (_request, response) => {
    const arrived = performance.now();
    setTimeout(() => {
      server.waited = performance.now() - arrived;
      const began = performance.now();
      response.write('first');
      setTimeout(() => {
        server.wrote = performance.now() - began;
        response.end('last');
      }, 120);
    }, 150);
  });
  const { phases, totalMs } = await checkOnce(url);
  const { first_byte = 0, body = 0, connect: tcp = 0 } = phases;
  // A busy machine makes it later, never earlier; a millisecond is for the clocks' rounding.
  assert.ok(first_byte >= server.waited - 1 && first_byte < server.waited + 500, `${first_byte} ${server.waited}`);
  assert.ok(body >= server.wrote - 5 && body < server.wrote + 500, `${body} ${server.wrote}`);
  assert.ok(tcp < 500 && Math.abs(tcp + first_byte + body - totalMs) < 100, `${totalMs}`);
});

test('the time of the TLS handshake is that of the server, and none of the others', openssl, async (t) => {
  const certificate = makeCertificate();
  const url = await serveTls(t, certificate, (_request, response) => response.end('late'));
  const port = Number(new URL(url).port);
  const front = await serveTcp(t, (socket) => {
    socket.pause();
    setTimeout(() => {
      const behind = connect(port, 'localhost').on('error', () => undefined);
      socket.pipe(behind).pipe(socket);
      socket.on('close', () => behind.destroy());
    }, 300);
  });
  const { phases, failure } = await checkOnce(`https://127.0.0.1:${front}/`, { tls: { ca: certificate.cert } });
  assert.equal(failure, undefined);
  assert.ok((phases.tls ?? 0) >= 299, `${phases.tls}`);
  assert.ok((phases.connect ?? 0) < 250 && (phases.first_byte ?? 0) < 250);
  assert.equal(phases.dns, undefined);
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { explain } from '../../../../lib/errors.ts';
import { Resolver } from '../../../../lib/io/resolver.ts';
import { createPost, type PostOptions } from '../../../../nodes/notify/io/post.ts';
import { createAuthority, selfSigned } from '../../../support/certificate.ts';
import { serve, serveTcp, serveTls } from '../../../support/http-servers.ts';
import { translate } from '../../../support/notify.ts';

const never = new AbortController().signal;
const resolver = new Resolver();

function post(address: string, options: Partial<PostOptions> = {}) {
  const request = { url: new URL(address), headers: { 'content-type': 'application/json' }, body: '{"ä":1}' };
  return createPost({ tls: {}, resolver, variables: {}, ...options })(request, never);
}

test('a request is one POST with its whole body, and the answer is given whatever its status', async (t) => {
  const seen: string[] = [];
  const url = await serve(t, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(302, { location: '/login' }).end('elsewhere');
    });
  });
  const { status, headers, body } = await post(`${url}/a?b=c`);
  assert.deepEqual([status, headers.location, body], [302, '/login', 'elsewhere']);
  assert.deepEqual(seen, ['POST /a?b=c {"ä":1}'], 'no redirect is followed');
});

test('an answer is waited for no longer than the deadline, and no more of it is read than anybody needs', async (t) => {
  const port = await serveTcp(t, () => undefined);
  await assert.rejects(post(`http://127.0.0.1:${port}/`, { timeoutMs: 100 }), { code: 'NO_ANSWER' });
  const drip = await serve(t, (_, response) => void response.write('slow'));
  await assert.rejects(post(drip, { timeoutMs: 200 }), { code: 'NO_ANSWER' });
  const large = await serve(t, (_, response) => void response.end('x'.repeat(5_000_000)));
  assert.equal((await post(large)).body.length, 65_536);
});

test("a certificate that is not trusted is refused, and its issuer is named; that of an authority of one's own is taken", async (t) => {
  const authority = createAuthority();
  const address = await serveTls(t, authority.issue('DNS:localhost'), (_, response) => response.end('ok'));
  await assert.rejects(post(address), (error) => {
    assert.match(
      explain(error, translate),
      /^the certificate of localhost is not to be trusted \(.*\); its issuer is authority$/,
    );
    return true;
  });
  assert.equal((await post(address, { tls: { ca: authority.cert } })).body, 'ok');
  assert.equal((await post(address, { tls: { rejectUnauthorized: false } })).body, 'ok');
  const other = await serveTls(t, selfSigned('DNS:elsewhere.example'), (_, response) => response.end('ok'));
  await assert.rejects(post(other), { code: 'UNTRUSTED_ISSUER' });
});

test('a request goes through the proxy of the environment, https through a tunnel of it', async (t) => {
  const authority = createAuthority();
  const target = await serveTls(t, authority.issue('DNS:localhost'), (_, response) => response.end('inside'));
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url, request.headers['proxy-authorization']);
    response.end('by proxy');
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url, request.headers['proxy-authorization']);
    const { port } = new URL(target);
    const onward = connect(Number(port), 'localhost', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  t.after(() => server.close());
  const proxy = `http://me:s3cret%21@127.0.0.1:${port}`;
  const login = `Basic ${Buffer.from('me:s3cret!').toString('base64')}`;
  const inside = await post(target, { tls: { ca: authority.cert }, variables: { https_proxy: proxy } });
  assert.equal(inside.body, 'inside');
  const plain = await post('http://monitored.invalid/hook', { variables: { http_proxy: proxy } });
  assert.equal(plain.body, 'by proxy');
  assert.deepEqual(asked, [new URL(target).host, login, 'http://monitored.invalid/hook', login]);
  for (const unusable of ['socks5://127.0.0.1:1080', 'http://[s3cret'])
    await assert.rejects(post('http://monitored.invalid/', { variables: { http_proxy: unusable } }), (error) => {
      assert.doesNotMatch(explain(error, translate), /s3cret/);
      return true;
    });
});

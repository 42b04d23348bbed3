import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { test } from 'node:test';
import { fractionKeys, type Sources, sources } from '../../../support/graylog-sources.ts';
import { listening } from '../../../support/listening.ts';
import { scriptModule } from '../../../support/script.ts';

interface Site {
  env: NodeJS.ProcessEnv;
  sources: Sources;
  fractionKeys: readonly string[];
  output: { write(text: string): void; isTTY?: boolean };
  errors: { write(text: string): void };
}
const { runWith } = await scriptModule<{ runWith(words: string[], site: Site): Promise<number> }>('graylog/main.js');

const ADMIN = { GRAYLOG_USER: 'admin', GRAYLOG_PASSWORD: 'secret' };

async function said(words: string[], env: NodeJS.ProcessEnv = ADMIN): Promise<{ code: number; text: string }> {
  let text = '';
  const stream = {
    write: (piece: string) => {
      text += piece;
    },
  };
  const code = await runWith(words, { env, sources, fractionKeys, output: stream, errors: stream });
  return { code, text };
}

const graylog =
  (version: string): RequestListener =>
  (incoming, outgoing) => {
    if (incoming.url === '/api/') outgoing.end(JSON.stringify({ cluster_id: 'x', version }));
    else outgoing.writeHead(401).end();
  };

for (const [what, words, env, expected] of [
  ['no command', [], ADMIN, /^Usage: /],
  ['another command', ['improve', 'http://127.0.0.1'], ADMIN, /^There is no "improve"/],
  ['no address', ['install'], ADMIN, /^Where is Graylog\?/],
  ['two addresses', ['install', 'a', 'b'], ADMIN, /^One address at a time/],
  ['an option of another command', ['install', 'a', '--delete-data'], ADMIN, /^"install" has no --delete-data/],
  ['a setting that is none', ['install', 'a', '--set', 'PORT'], ADMIN, /NAME=VALUE is meant/],
  ['no credentials', ['install', 'http://127.0.0.1'], {}, /^Who are you\?/],
  ['a user without a password', ['install', 'a'], { GRAYLOG_USER: 'admin' }, /^Who are you\?/],
  ['a password in the address', ['install', 'http://a:b@127.0.0.1'], ADMIN, /go into GRAYLOG_USER/],
  ['an address that is none', ['install', 'http://:1'], ADMIN, /is no address/],
  ['a host that is not there', ['install', 'http://graylog.invalid:9000'], ADMIN, /^There is no host graylog\.invalid/],
] as const) {
  test(`${what} is said in words`, async () => {
    const { code, text } = await said([...words], env);
    assert.match(text, expected);
    assert.equal(code, 1);
  });
}

test('a port where nothing listens is said in words', async (t) => {
  const server = createServer();
  const address = await listening(t, server);
  await new Promise((resolve) => server.close(resolve));
  assert.match((await said(['status', address])).text, /^Nothing listens at 127\.0\.0\.1:\d+/);
});

for (const [what, listener, expected] of [
  ['a web server that is no Graylog', (_, outgoing) => void outgoing.end('<html>'), /is no Graylog/],
  [
    'one that leads elsewhere',
    (_, o) => void o.writeHead(302, { location: 'https://b.example' }).end(),
    /leads to https:\/\/b/,
  ],
  ['a Graylog that is too old', graylog('5.2.3'), /Graylog 5\.2\.3: 6\.1 is the oldest/],
  ['a wrong password', graylog('6.3.0'), /does not know this token, or this user and password/],
  ['a Graylog of tomorrow', graylog('8.0.0'), /newer than those/],
] as const satisfies readonly (readonly [string, RequestListener, RegExp])[]) {
  test(`${what} is said in words`, async (t) => {
    const { code, text } = await said(['install', await listening(t, createServer(listener))]);
    assert.match(text, expected);
    assert.equal(code, 1);
  });
}

test('a server without TLS is said in words where HTTPS is asked', async (t) => {
  const address = await listening(t, createServer());
  assert.match((await said(['install', address.replace('http', 'https')])).text, /does not speak HTTPS/);
});

for (const [version, isWrapped] of [
  ['6.1.0', false],
  ['6.3.12', false],
  ['7.0.7', true],
  ['7.1.4', true],
] as const) {
  test(`Graylog ${version} gets what is made ${isWrapped ? 'under "entity"' : 'as it is'}`, async (t) => {
    const { Graylog } = await scriptModule<{
      Graylog: new (
        address: string,
        env: object,
      ) => { enter(): Promise<unknown>; post(path: string, body: object): Promise<unknown> };
    }>('graylog/client.js');
    const bodies: unknown[] = [];
    const server = createServer(async (incoming, outgoing) => {
      let body = '';
      for await (const piece of incoming.setEncoding('utf8')) body += piece;
      if (incoming.method === 'POST') bodies.push(JSON.parse(body));
      outgoing.end(JSON.stringify({ cluster_id: 'x', version }));
    });
    const client = new Graylog(await listening(t, server), ADMIN);
    await client.enter();
    for (const path of ['/streams', '/views', '/events/definitions?schedule=true', '/events/notifications'])
      await client.post(path, { title: 'a' });
    for (const path of ['/system/inputs', '/streams/1/resume', '/views/search', '/system/pipelines/rule'])
      await client.post(path, { title: 'a' });
    const made = isWrapped ? { entity: { title: 'a' } } : { title: 'a' };
    assert.deepEqual(bodies, [...Array(4).fill(made), ...Array(4).fill({ title: 'a' })]);
  });
}

const { settle } = await scriptModule<{
  settle(parameters: Sources['parameters'], given: object, found: object): { [name: string]: unknown };
}>('graylog/parameters.js');

test('a setting is what is given, else what is installed, else the one of the sources', () => {
  const settled = settle(sources.parameters, { PORT_AUTH_LOG: '9196' }, { PORT_AUTH_LOG: 1, TIME_ZONE: 'Asia/Tokyo' });
  assert.deepEqual([settled.PORT_AUTH_LOG, settled.TIME_ZONE, settled.PORT_GELF_TCP], [9196, 'Asia/Tokyo', 12201]);
});

for (const [name, value, reason] of [
  ['PORT_AUTH_LOG', '0', 'is no port'],
  ['PORT_AUTH_LOG', '65536', 'is no port'],
  ['BIND_ADDRESS', 'localhost', 'is no IP address'],
  ['TIME_ZONE', 'Mars/Olympus', 'is no time zone'],
  ['WEBHOOK_URL', 'ftp://a', 'is no address'],
  ['PORT', '1', 'There is no PORT'],
] as const) {
  test(`--set ${name}=${value} is refused: ${reason}`, () => {
    assert.throws(() => settle(sources.parameters, { [name]: value }, {}), new RegExp(reason));
  });
}

test('the bar is drawn on a terminal only, and gone at the end', async () => {
  const { Report } = await scriptModule<{
    Report: new (
      stream: Site['output'],
    ) => { begin(total: number): void; line(word: string, kind: string, title: string): void; end(): void };
  }>('graylog/report.js');
  for (const isTTY of [true, false]) {
    let text = '';
    const report = new Report({
      write: (piece: string) => {
        text += piece;
      },
      isTTY,
    });
    report.begin(2);
    report.line('made', 'stream', 'a');
    report.line('same', 'stream', 'b');
    report.end();
    assert.equal(text.includes('1/2'), isTTY);
    assert.ok(!isTTY || text.endsWith('\r\u001b[2K'));
    assert.match(text, /made +stream +a\n/);
  }
});

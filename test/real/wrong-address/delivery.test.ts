// Risk: the address names a server of the wrong kind, and the reason that is shown sends people the wrong way.

import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { brief } from '../../../lib/brief.ts';
import { statusText } from '../../../lib/status-text.ts';
import { explainDelivery } from '../../../nodes/graylog-server/why.ts';
import { selfSigned } from '../../support/certificate.ts';
import { openDelivery } from '../../support/delivery.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { serve, serveTcp } from '../../support/http-servers.ts';
import { nodeWords } from '../../support/node-words.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const words = nodeWords('graylog-server');
const statusWords = nodeWords('graylog-out');
/** Some peers are known by their silence alone, for ten seconds. */
const DEADLINE_MS = 40_000;

interface Case {
  /** What is there, and the address that names it. */
  readonly url: (t: TestContext) => Promise<string> | string;
  /** The status of `graylog`, with the count of records that wait. */
  readonly status: RegExp;
  /** Why, with what helps, in the log and in the dialog. */
  readonly why: RegExp;
}

const webServer = (status: number) => async (t: TestContext) =>
  (await serve(t, (_request, response) => response.writeHead(status).end('<html>hello</html>'))).replace(/\/$/, '');
const swapped = (scheme: string, address: (t: TestContext) => Promise<string>) => async (t: TestContext) =>
  (await address(t)).replace(/^\w+:/, `${scheme}:`);
const takeAll = (socket: Socket): void => void socket.on('error', () => undefined).resume();
const sayMail = (socket: Socket): void => {
  takeAll(socket);
  socket.write('220 mail ready\r\n');
};
const takeNothing = (socket: Socket): void => void socket.on('error', () => undefined).pause();

const CASES: { readonly [what: string]: Case } = {
  'nobody listens': {
    url: async () => `tcp://127.0.0.1:${await freePort()}`,
    status: /^\d+ waiting: refused$/,
    why: /^nobody listens there \(connect ECONNREFUSED 127.0.0.1:\d+\): start the input in Graylog, or correct host and port$/,
  },
  'a host that there is not': {
    url: () => 'tcp://graylog.invalid:12201',
    status: /^\d+ waiting: (no such host|no DNS)$/,
    why: /graylog\.invalid.*see to the name server$/,
  },
  'tls:// to a port that answers in the clear': {
    url: swapped('tls', webServer(200)),
    status: /^\d+ waiting: no TLS$/,
    why: /^this port does not speak TLS: write tcp:\/\/ in place of tls:\/\//,
  },
  'tls:// to a port that hangs up': {
    url: async (t) => `tls://127.0.0.1:${await serveTcp(t, (socket) => socket.once('data', () => socket.destroy()))}`,
    status: /^\d+ waiting: no TLS$/,
    why: /^this port does not speak TLS/,
  },
  'tls:// to a port that says nothing': {
    url: async (t) => `tls://127.0.0.1:${await serveTcp(t, takeAll)}`,
    status: /^\d+ waiting: no answer$/,
    why: /^no answer to the handshake of TLS: does this port speak TLS/,
  },
  'tcp:// to a port that wants TLS': {
    url: async (t) => `tcp://127.0.0.1:${(await receiveTcp(t, { tls: selfSigned() })).port}`,
    status: /^\d+ waiting: (wants TLS|cut off|hung up)$/,
    why: /wants? TLS.*tls:\/\//,
  },
  'an authority that is not known': {
    url: async (t) => `tls://localhost:${(await receiveTcp(t, { tls: selfSigned() })).port}`,
    status: /^\d+ waiting: bad CA$/,
    why: /^its certificate is not trusted \(.*self-signed.*\): choose the authority that signed it under TLS$/,
  },
  'tcp:// to a web server': {
    url: swapped('tcp', webServer(200)),
    status: /^\d+ waiting: a web server$/,
    why: /^a web server answers there, no GELF input: for GELF over HTTP write http:\/\//,
  },
  'http:// to a web server': {
    url: webServer(200),
    status: /^\d+ waiting: HTTP 200$/,
    why: /^no GELF input there \(answered 200, expected 202\)/,
  },
  'http:// to a web server without that path': {
    url: webServer(404),
    status: /^\d+ waiting: HTTP 404$/,
    why: /^no GELF input there \(answered 404, expected 202\): correct port and path, or start the GELF HTTP input/,
  },
  'http:// to a server that sends elsewhere': {
    url: webServer(301),
    status: /^\d+ waiting: HTTP 301$/,
    why: /^the server sends elsewhere \(answered 301\)/,
  },
  'http:// to a server in trouble': {
    url: webServer(503),
    status: /^\d+ waiting: HTTP 503$/,
    why: /^the server has trouble of its own \(answered 503\)/,
  },
  'http:// to a port of TCP': {
    url: async (t) => `http://127.0.0.1:${await serveTcp(t, takeAll)}`,
    status: /^\d+ waiting: no answer$/,
    why: /^no answer in time: is this the port of Graylog's input\?$/,
  },
  'http:// to a port of something else': {
    url: async (t) => `http://127.0.0.1:${await serveTcp(t, sayMail)}`,
    status: /^\d+ waiting: no HTTP$/,
    why: /^what answers there is no HTTP server/,
  },
  'http:// to a port that wants TLS': {
    url: async (t) => `http://127.0.0.1:${(await receiveTcp(t, { tls: selfSigned() })).port}`,
    status: /^\d+ waiting: (wants TLS|cut off)$/,
    why: /want TLS|wants TLS/,
  },
  'https:// to a port that answers in the clear': {
    url: swapped('https', webServer(200)),
    status: /^\d+ waiting: no TLS$/,
    why: /^this port does not speak TLS: write http:\/\/ in place of https:\/\//,
  },
  'udp:// to nobody': {
    url: async () => `udp://127.0.0.1:${await freePort()}`,
    status: /^\d+ waiting: refused$/,
    why: /^nobody listens there/,
  },
  'an open port of something that says nothing': {
    url: async (t) => `tcp://127.0.0.1:${await serveTcp(t, takeNothing)}`,
    status: /^\d+ waiting: reads none$/,
    why: /^the server takes records and reads none of them: is this the port of Graylog's input\?$/,
  },
};

test('each wrong address is said clearly, with what helps', { concurrency: true, timeout: 60_000 }, async (t) => {
  const all = Object.entries(CASES).map(([what, { url, status, why }]) =>
    t.test(`${what} is said clearly`, async (one) => {
      const { ship, states, delivery } = openDelivery(one, { url: await url(one), config: { confirmSeconds: '1' } });
      await ship(0, 30);
      const away = () => states.find(({ state }) => state === 'away');
      await until(() => away() !== undefined, DEADLINE_MS);
      const { endpoint = '', error } = away() ?? {};
      const args = { count: delivery.summary.buffered, why: brief(error, words) };
      assert.match(statusText(statusWords, 'graylog-out.status.away', args), status);
      assert.match(explainDelivery(error, endpoint, words), why);
    }),
  );
  await Promise.all(all);
});

test('a peer that is a GELF input is none of these', async (t) => {
  const receiver = await receiveTcp(t);
  const { ship, states } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}` });
  await ship(0, 10);
  await receiver.until((documents) => documents.length >= 10);
  assert.deepEqual(
    states.filter(({ state }) => state === 'away'),
    [],
  );
  connect(receiver.port).destroy();
});

// Risk: the checked server is there and does not go on.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { failureOf } from '../../support/exchange.ts';
import { checkOnce } from '../../support/http-checks.ts';
import { serve, serveTcp } from '../../support/http-servers.ts';
import { real } from '../../support/real.ts';

const linux = real('Linux', process.platform === 'linux');
const local = (port: number): string => `http://127.0.0.1:${port}/`;

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
  assert.equal(failureOf(exchange), 'timeout in connect');
  assert.ok((exchange.phases.connect ?? 0) >= 380 && exchange.totalMs < 1_500);
});

test('a server that hangs before the headers is a timeout in first_byte', async (t) => {
  const port = await serveTcp(t, () => undefined);
  const exchange = await checkOnce(local(port), { timeoutMs: 300 });
  assert.equal(failureOf(exchange), 'timeout in first_byte');
  assert.ok((exchange.phases.first_byte ?? 0) >= 250 && exchange.totalMs < 1_500);
});

test('a server that hangs in the body is a timeout, with the code it had sent', async (t) => {
  const url = await serve(t, (_request, response) => response.writeHead(200, { 'content-length': 10 }).write('half'));
  const exchange = await checkOnce(url, { timeoutMs: 300 });
  assert.equal(failureOf(exchange), 'timeout in body');
  assert.equal(exchange.responseCode, 200);
});

// Risk: a server is said to be down since this process had no descriptor, stood still, or was stopped.

import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { serve } from '../../support/http-servers.ts';
import { answerAfter } from '../../support/pace.ts';
import { real } from '../../support/real.ts';

const linux = real('Linux', process.platform === 'linux');
const DEADLINE_MS = 30_000;

interface Child {
  process: ChildProcessByStdio<null, Readable, null>;
  line(): Promise<string>;
}

/** A process that runs a check; `shell` runs before it. */
function startChild(t: TestContext, args: string[], shell = ':'): Child {
  const file = join(import.meta.dirname, '../../support/http-stalls-child.ts');
  const command = ['-c', `${shell} && exec "$@"`, 'sh', process.execPath, file, ...args];
  const child = spawn('sh', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const lines: Interface = createInterface({ input: child.stdout });
  const waiting: string[] = [];
  lines.on('line', (line) => waiting.push(line));
  return {
    process: child,
    async line() {
      while (waiting.length === 0) await once(lines, 'line', { signal: AbortSignal.timeout(DEADLINE_MS) });
      return waiting.shift() ?? '';
    },
  };
}

/** A server that answers late but to the first request; `asked` hears of the others. */
function serveLate(t: TestContext, ms: number, asked: () => void = () => undefined): Promise<string> {
  let requests = 0;
  return serve(t, (_request, response) => {
    requests += 1;
    if (requests === 1) response.end('fine');
    else {
      asked();
      response.once(
        'close',
        answerAfter(ms, () => response.end('fine')),
      );
    }
  });
}

async function resultOf(child: Child): Promise<{ type: unknown; reason: string; heldMs?: number; totalMs: number }> {
  return JSON.parse(await child.line());
}

test('a check without a free descriptor is local_error, with an address and with a name', linux, async (t) => {
  const url = await serveLate(t, 0);
  for (const target of [url, url.replace('127.0.0.1', 'localhost'), 'http://no-such-name.invalid/']) {
    const child = startChild(t, [target, 'descriptors', '5000'], 'ulimit -n 64');
    assert.equal(await child.line(), 'ready');
    const { type, reason } = await resultOf(child);
    assert.equal(type, 'local_error', reason);
    assert.match(reason, /EMFILE|NO_DESCRIPTOR/);
  }
});

test(
  'an answer that waited while the event loop was held up is success, and its time is known to be none',
  linux,
  async (t) => {
    const child = startChild(t, [await serveLate(t, 300), 'busy', '1000']);
    await child.line();
    const { type, reason, heldMs = 0, totalMs } = await resultOf(child);
    assert.equal(type, 200, reason);
    assert.ok(totalMs >= 3_000 && heldMs >= 2_500, `${totalMs} ${heldMs}`);
  },
);

test('an answer that waited while the process was stopped is success', linux, async (t) => {
  let child: Child | undefined;
  let asked = (): void => undefined;
  const url = await serveLate(t, 200, () => {
    child?.process.kill('SIGSTOP');
    asked();
  });
  child = startChild(t, [url, 'stopped', '1000']);
  const stopped = new Promise<void>((resolve) => {
    asked = () => void answerAfter(3_000, resolve);
  });
  await child.line();
  await stopped;
  child.process.kill('SIGCONT');
  const { type, reason, heldMs = 0 } = await resultOf(child);
  assert.equal(type, 200, reason);
  assert.ok(heldMs >= 2_000, `${heldMs}`);
});

test('a server that hung up on a process that was stopped is local_error', linux, async (t) => {
  let child: Child | undefined;
  let requests = 0;
  let asked = (): void => undefined;
  const url = await serve(t, (request, response) => {
    requests += 1;
    if (requests === 1) {
      response.end('fine');
      return;
    }
    child?.process.kill('SIGSTOP');
    request.socket.destroy();
    asked();
  });
  child = startChild(t, [url, 'stopped', '10000']);
  const stopped = new Promise<void>((resolve) => {
    asked = () => void answerAfter(2_500, resolve);
  });
  await child.line();
  await stopped;
  child.process.kill('SIGCONT');
  const { type, reason } = await resultOf(child);
  assert.equal(type, 'local_error', reason);
});

test('a server that never answers is a time-out, however long the process stood still', linux, async (t) => {
  const child = startChild(t, [await serveLate(t, 60_000), 'busy', '1000']);
  await child.line();
  const { type, reason, totalMs } = await resultOf(child);
  assert.equal(type, 'timeout', reason);
  assert.ok(totalMs >= 3_800, `${totalMs}`);
});

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BufferFiles, type Port } from '../../../../../nodes/graylog-server/io/buffer/buffer-files.ts';
import { MAX_PORTS, type PortQueue, PortQueues } from '../../../../../nodes/graylog-server/io/ship/port-queues.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { range } from '../../../../support/stored-messages.ts';
import { until } from '../../../../support/until.ts';

interface FakeQueue extends PortQueue {
  readonly port: Port;
  buffered: number;
  closed: number;
}

/** Queues on fake clocks, with files that hold nothing. */
function openQueues(t: TestContext, userDir = temporaryFolder()) {
  let nowMs = 1_000;
  t.mock.timers.enable({ apis: ['setInterval'] });
  t.mock.method(performance, 'now', () => nowMs);
  const files = new BufferFiles(userDir, 'test');
  const closed: FakeQueue[] = [];
  const queues = new PortQueues<FakeQueue>({
    files,
    open: (port) => {
      mkdirSync(files.folderOf(port), { recursive: true });
      writeFileSync(`${files.folderOf(port)}.ledger`, '');
      return {
        port,
        buffered: 0,
        closed: 0,
        async close() {
          this.closed += 1;
          return 0;
        },
      };
    },
    onClosed: (queue) => closed.push(queue),
  });
  t.after(() => queues.close());
  return {
    queues,
    files,
    closed,
    pass(ms: number) {
      nowMs += ms;
      t.mock.timers.tick(30_000);
    },
  };
}

test("the server's own port and sixteen others have a queue, more have none", (t) => {
  const { queues } = openQueues(t);
  for (const port of range(1, 1 + MAX_PORTS)) assert.ok(queues.get(port));
  assert.equal(queues.get(9_000), undefined);
  assert.ok(queues.get(undefined));
  assert.ok(queues.get(1), 'one that is known');
});

test('a queue that had nothing to do for five minutes is closed, its files go, and there is room for another', async (t) => {
  const { queues, files, closed, pass } = openQueues(t);
  queues.get(undefined);
  for (const port of range(1, 1 + MAX_PORTS)) queues.get(port);
  pass(200_000);
  queues.get(2);
  const full = queues.get(3) as FakeQueue;
  full.buffered = 1;
  pass(200_000);
  pass(0);
  await until(() => closed.length === MAX_PORTS - 2);
  assert.deepEqual(
    [...queues].map(({ port }) => port),
    [undefined, 2, 3],
  );
  assert.equal(existsSync(files.folderOf(1)), false);
  assert.equal(existsSync(`${files.folderOf(1)}.ledger`), false);
  assert.ok(existsSync(files.folderOf(undefined)));
  pass(400_000);
  await until(() => closed.length === MAX_PORTS - 1);
  assert.ok(existsSync(files.folderOf(3)), 'something waits there');
  assert.ok(queues.get(9_000));
});

test('a port whose queue is being closed is said to be, until it is gone', async (t) => {
  const { queues, pass } = openQueues(t);
  queues.get(1);
  pass(400_000);
  const gone = queues.whenGone(1);
  assert.ok(gone);
  await gone;
  assert.equal(queues.whenGone(1), undefined);
});

test('of what an earlier run left so much is taken up as the bound allows, the rest when there is room', async (t) => {
  const userDir = temporaryFolder();
  const { queues, files, closed, pass } = openQueues(t, userDir);
  for (const port of [undefined, ...range(1, 21)]) mkdirSync(files.folderOf(port), { recursive: true });
  queues.takeUp();
  assert.equal([...queues].length, MAX_PORTS + 1);
  pass(400_000);
  await until(() => closed.length >= MAX_PORTS);
  await nextTurn();
  assert.equal([...queues].length, 1 + 20 - MAX_PORTS);
});

test('the files of one server are told from those of another whose id begins alike', async () => {
  const userDir = temporaryFolder();
  const files = new BufferFiles(userDir, 'a');
  const other = new BufferFiles(userDir, 'a-b');
  for (const folder of [files.folderOf(undefined), files.folderOf(9), other.folderOf(undefined)]) {
    mkdirSync(folder, { recursive: true });
    mkdirSync(`${folder}.damaged-123`);
    writeFileSync(`${folder}.ledger`, '');
  }
  assert.deepEqual(files.ports, [9, undefined]);
  await files.removeEverything();
  assert.deepEqual(files.ports, []);
  assert.equal(existsSync(`${files.folderOf(9)}.damaged-123`), false);
  assert.ok(existsSync(other.folderOf(undefined)));
  assert.ok(existsSync(`${other.folderOf(undefined)}.damaged-123`));
});

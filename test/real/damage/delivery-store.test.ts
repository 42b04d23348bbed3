import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { firstArrivals, hasAll, openDelivery } from '../../support/delivery.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const CHILD = fileURLToPath(new URL('../../support/store-child.ts', import.meta.url));

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The files of the store in a user directory. */
function storeFiles(userDir: string, pattern: RegExp): string[] {
  const path = join(userDir, 'infra-monitoring/buffer-test-main');
  return readdirSync(path)
    .filter((name) => pattern.test(name))
    .map((name) => join(path, name));
}

interface Writer {
  readonly child: ChildProcess;
  /** Numbers it was told are kept. */
  readonly kept: number[];
  readonly storage: string[];
  kill(): Promise<void>;
}

function startWriter(t: TestContext, userDir: string, port: number, from = 0): Writer {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [CHILD, userDir, String(port), String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  t.after(() => child.kill('SIGKILL'));
  const kept: number[] = [];
  const storage: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('storage ')) storage.push(line.slice('storage '.length));
      else kept.push(Number(line));
    }
  });
  return {
    child,
    kept,
    storage,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

test('what waits on disk and in memory arrives in order after each of three restarts', async (t) => {
  const userDir = folder(t);
  const port = await freePort();
  for (const run of range(0, 3)) {
    const { delivery, ship, refused } = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
    await ship(run * 5_000, (run + 1) * 5_000);
    assert.equal(await delivery.close(), 0);
    assert.deepEqual(refused, []);
  }
  const receiver = await receiveTcp(t, { port });
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await ship(15_000, 20_000);
  await receiver.until((all) => hasAll(all, 20_000));
  assert.deepEqual(firstArrivals(receiver.documents), range(0, 20_000));
  assert.equal(receiver.documents.length, 20_000, 'nothing twice after restarts in good order');
  assert.deepEqual(delivery.counters, { received: 20_000, sent: 20_000, dropped: 0, retried: 0 });
  await until(() => delivery.summary.buffered === 0);
});

test('while the server is there nothing goes to disk, from the first message on', async (t) => {
  const receiver = await receiveTcp(t);
  const userDir = folder(t);
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}`, userDir });
  await ship(0, 20_000);
  await receiver.until((all) => hasAll(all, 20_000));
  assert.equal(await delivery.close(), 0);
  assert.deepEqual(
    storeFiles(userDir, /^\d+\.(log|ldb)$/).filter((path) => statSync(path).size > 0),
    [],
  );
});

test('what comes while the disk is read follows what was on it, in order', async (t) => {
  const userDir = folder(t);
  const port = await freePort();
  const before = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await before.ship(0, 5_000);
  assert.equal(await before.delivery.close(), 0);
  const receiver = await receiveTcp(t, { port });
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await ship(5_000, 40_000, 20);
  await receiver.until((all) => hasAll(all, 40_000));
  assert.deepEqual(
    receiver.documents.map(({ _n }) => _n),
    range(0, 40_000),
  );
  await until(() => delivery.summary.buffered === 0);
});

test('nothing that a killed process was told is kept is lost, and the order holds', { timeout: 120_000 }, async (t) => {
  const userDir = folder(t);
  const port = await freePort();
  const kept = new Set<number>();
  let from = 0;
  for (const run of range(0, 5)) {
    const writer = startWriter(t, userDir, port, from);
    await until(() => writer.kept.length > 2_000 * (run + 1), 30_000);
    await writer.kill();
    for (const n of writer.kept) kept.add(n);
    from = 1_000_000 * (run + 1);
  }
  const receiver = await receiveTcp(t, { port });
  openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await receiver.until((all) => {
    if (all.length < kept.size) return false;
    const there = new Set(all.map(({ _n }) => _n));
    return [...kept].every((n) => there.has(n));
  });
  const arrivals = firstArrivals(receiver.documents);
  assert.deepEqual(
    arrivals,
    [...arrivals].sort((a, b) => a - b),
  );
  assert.deepEqual(receiver.faults, []);
});

for (const [what, pattern, says] of [
  ['log', /\.log$/, 'partlyLost'],
  ['manifest', /^MANIFEST/, 'damaged'],
  ['tables', /\.ldb$/, 'damaged'],
] as const) {
  test(`a store with damage in its ${what} is said to be damaged, and new messages are kept and sent`, async (t) => {
    const userDir = folder(t);
    const port = await freePort();
    const url = `tcp://127.0.0.1:${port}`;
    const first = openDelivery(t, { url, userDir });
    // Enough for a table of its own beside the log.
    await first.ship(0, 20_000);
    await first.delivery.close();
    const files = storeFiles(userDir, pattern);
    assert.ok(files.length > 0, `there is a ${what}`);
    for (const file of files) {
      const bytes = readFileSync(file);
      for (let at = 20; at < bytes.length; at += 977) bytes[at] = (bytes[at] as number) ^ 0xff;
      writeFileSync(file, bytes);
    }
    const receiver = await receiveTcp(t, { port });
    const { ship, storage } = openDelivery(t, { url, userDir });
    await ship(20_000, 25_000);
    await receiver.until((all) => new Set(all.map(({ _n }) => _n)).has(24_999));
    await until(() => range(20_000, 25_000).every((n) => receiver.documents.some(({ _n }) => _n === n)));
    assert.deepEqual(receiver.faults, []);
    await until(
      () => storage.includes(says),
      10_000,
      () => `${says} among ${storage}`,
    );
    const left = readdirSync(join(userDir, 'infra-monitoring'));
    const isAside = left.some((name) => name.includes('.damaged-'));
    assert.equal(isAside, says === 'damaged', `${left}`);
  });
}

test('the second to open a store in one process runs in memory and says so; the first loses nothing', async (t) => {
  const userDir = folder(t);
  const port = await freePort();
  const url = `tcp://127.0.0.1:${port}`;
  const first = openDelivery(t, { url, userDir });
  await first.ship(0, 1_000);
  await until(() => readdirSync(join(userDir, 'infra-monitoring')).includes('buffer-test-main'));
  const second = openDelivery(t, { url, userDir });
  await second.ship(1_000, 2_000);
  await until(() => second.storage.includes('locked'));
  const receiver = await receiveTcp(t, { port });
  await receiver.until((all) => hasAll(all, 2_000));
  const numbers = receiver.documents.map(({ _n }) => Number(_n));
  assert.deepEqual(
    numbers.filter((n) => n < 1_000),
    range(0, 1_000),
  );
  assert.deepEqual(
    numbers.filter((n) => n >= 1_000),
    range(1_000, 2_000),
  );
  assert.deepEqual(first.storage, []);
});

test('the second process to open a store runs in memory and says so', { timeout: 60_000 }, async (t) => {
  const userDir = folder(t);
  const port = await freePort();
  const first = startWriter(t, userDir, port);
  await until(() => first.kept.length > 1_000, 30_000);
  const second = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await second.ship(5_000_000, 5_001_000);
  await until(() => second.storage.includes('locked'));
  await first.kill();
  const kept = new Set(first.kept);
  const receiver = await receiveTcp(t, { port });
  // Five seconds later the second takes the store over.
  await receiver.until((all) => {
    if (all.length < kept.size) return false;
    const there = new Set(all.map(({ _n }) => Number(_n)));
    return [...kept].every((n) => there.has(n)) && there.has(5_000_999);
  }, 30_000);
  assert.deepEqual(receiver.faults, []);
});

const MEGABYTES = 4;

function mountable(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
    execFileSync('umount', [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

const tmpfs = real('right to mount a tmpfs', mountable);

test('a full disk: memory takes over, what is lost is counted exactly, and the disk is used when it has room again', {
  ...tmpfs,
  timeout: 120_000,
}, async (t) => {
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', userDir]);
  t.after(() => {
    execFileSync('umount', ['-l', userDir]);
    rmSync(userDir, { recursive: true, force: true });
  });
  const port = await freePort();
  const { delivery, ship, storage } = openDelivery(t, {
    url: `tcp://127.0.0.1:${port}`,
    userDir,
    config: { bufferMegabytes: '2' },
  });
  // Some 10 MB for a disk of 4 and a memory of 2.
  const total = 20_000;
  for (const n of range(0, total)) {
    // What the store cannot compress.
    const fields = { host: 'test', timestamp: 1_795_000_000, level: 6, n, noise: randomBytes(300).toString('base64') };
    delivery.shipFields({ short_message: `${n}`, ...fields }, undefined, () => undefined);
    if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await until(() => storage.includes('failed'));
  execFileSync('mount', ['-o', 'remount,size=64m', userDir]);
  await until(
    () => storage.at(-1) === 'kept',
    30_000,
    () => `kept after ${storage}`,
  );
  const receiver = await receiveTcp(t, { port });
  await ship(total, total + 100);
  await receiver.until((all) => all.some(({ _n }) => _n === total + 99), 30_000);
  await until(() => delivery.summary.buffered === 0);
  const arrived = firstArrivals(receiver.documents);
  const { received, dropped } = delivery.counters;
  assert.ok(dropped > 0);
  assert.equal(received, total + 100);
  assert.equal(arrived.length + dropped, received);
  assert.deepEqual(
    arrived,
    [...arrived].sort((a, b) => a - b),
  );
  assert.deepEqual(receiver.faults, []);
});

for (const overflow of ['oldest', 'newest'] as const) {
  test(`a full buffer on disk drops the ${overflow} and counts them`, async (t) => {
    const userDir = folder(t);
    const port = await freePort();
    const { delivery, ship } = openDelivery(t, {
      url: `tcp://127.0.0.1:${port}`,
      userDir,
      config: { diskMegabytes: '2', overflow },
    });
    for (const n of range(0, 15)) {
      await ship(n * 1_000, (n + 1) * 1_000);
      await new Promise((resolve) => setTimeout(resolve, 70));
    }
    await until(() => delivery.counters.dropped > 0);
    const receiver = await receiveTcp(t, { port });
    await until(() => delivery.summary.buffered === 0 && receiver.documents.length > 0);
    const { dropped } = delivery.counters;
    await receiver.until((all) => all.length >= 15_000 - dropped);
    const arrived = firstArrivals(receiver.documents);
    assert.equal(arrived.length + dropped, 15_000);
    const expected = overflow === 'oldest' ? range(dropped, 15_000) : range(0, 15_000 - dropped);
    if (overflow === 'oldest') assert.deepEqual(arrived, expected);
    else assert.deepEqual(arrived.slice(0, 4_000), expected.slice(0, 4_000));
  });
}

test('what is older than the bound is dropped and counted, what is younger arrives', async (t) => {
  const userDir = folder(t);
  const port = await freePort();
  const url = `tcp://127.0.0.1:${port}`;
  const config = { maxAgeHours: String(2 / 3600) };
  const first = openDelivery(t, { url, userDir, config });
  await first.ship(0, 100);
  await first.delivery.close();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const { delivery, ship } = openDelivery(t, { url, userDir, config });
  await ship(100, 200);
  await until(() => delivery.counters.dropped === 100);
  const receiver = await receiveTcp(t, { port });
  await receiver.until((all) => all.length >= 100);
  assert.deepEqual(firstArrivals(receiver.documents), range(100, 200));
});

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { errorCode } from '../../../../../lib/errors.ts';
import { ReopeningStore } from '../../../../../nodes/graylog-server/io/buffer/reopening-store.ts';
import { explained } from '../../../../support/explained.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { storeFolder } from '../../../../support/record-buffer.ts';

interface TestStore {
  readonly store: ReopeningStore;
  /** What was told, and the code of its error. */
  readonly events: string[];
  readonly errors: unknown[];
  opened: number;
  gone: number;
}

function openStore(t: TestContext, path: string | undefined): TestStore {
  const events: string[] = [];
  const errors: unknown[] = [];
  const found = { store: undefined as unknown as ReopeningStore, events, errors, opened: 0, gone: 0 };
  found.store = new ReopeningStore({
    path,
    onStorage: (event, error) => {
      events.push([event, errorCode(error)].filter(Boolean).join(' '));
      errors.push(error);
    },
    onOpened: () => {
      found.opened += 1;
    },
    onGone: () => {
      found.gone += 1;
    },
  });
  t.after(() => found.store.close());
  return found;
}

/** A fake clock: `pass()` moves timers and `performance.now()` on. */
function fakeClock(t: TestContext): (ms: number) => void {
  let nowMs = 1_000;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(performance, 'now', () => nowMs);
  return (ms) => {
    nowMs += ms;
    t.mock.timers.tick(ms);
  };
}

const corruption = (): Error => Object.assign(new Error('corrupted block'), { code: 'LEVEL_CORRUPTION' });

test('the store is opened by the first job, and only once', async (t) => {
  const path = storeFolder();
  const found = openStore(t, path);
  assert.equal(existsSync(path), false);
  await found.store.use((store) => store.append(['a'], 0));
  assert.equal(await found.store.use(async (store) => store.records), 1);
  assert.equal(found.opened, 1);
  assert.ok(found.store.size > 0);
});

test('jobs run one at a time, in the order they came', async (t) => {
  const found = openStore(t, storeFolder());
  const order: string[] = [];
  const job = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
  };
  void found.store.use(job('first'));
  void found.store.use(job('second'));
  await found.store.idle;
  assert.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
});

test('without a path there is no disk: a job gives undefined and nothing is told', async (t) => {
  const found = openStore(t, undefined);
  assert.equal(await found.store.use(async () => 'done'), undefined);
  assert.deepEqual(found.events, []);
});

test('a store that fails is closed, told once, and tried again five seconds later', async (t) => {
  const pass = fakeClock(t);
  const found = openStore(t, storeFolder());
  const fails = (): Promise<never> => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  assert.equal(await found.store.use(fails), undefined);
  assert.deepEqual(found.events, ['failed ENOSPC']);
  assert.equal(await found.store.use(async () => 'done'), undefined, 'not tried within five seconds');
  assert.equal(found.opened, 1);
  pass(5_001);
  await found.store.idle;
  assert.equal(found.opened, 2, 'opened by itself, for what lies there');
  assert.deepEqual(found.events, ['failed ENOSPC', 'kept']);
});

test('the disk can be tried at once', async (t) => {
  fakeClock(t);
  const found = openStore(t, storeFolder());
  await found.store.use(() => Promise.reject(new Error('full')));
  found.store.retryAtOnce();
  assert.equal(await found.store.use(async () => 'done'), 'done');
});

test('a folder that cannot be made is a failed store', async (t) => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const found = openStore(t, join(file, 'store'));
  assert.equal(await found.store.use(async () => 'done'), undefined);
  assert.match(found.events.join(), /^failed E(NOTDIR|EXIST)$/);
});

test('a store that another one uses is told as locked, with its reason', async (t) => {
  const path = storeFolder();
  const first = openStore(t, path);
  await first.store.open();
  const second = openStore(t, path);
  await second.store.open();
  assert.deepEqual(second.events, ['locked STORE_LOCKED']);
  assert.equal(explained(second.errors[0]), 'another Node-RED uses the buffer');
});

test('a store that turns out to be damaged is set aside, told with its place, and begun anew', async (t) => {
  const path = storeFolder();
  const found = openStore(t, path);
  await found.store.use((store) => store.append(['a'], 0));
  await found.store.use(() => Promise.reject(corruption()));
  assert.equal(found.gone, 1);
  const aside = readdirSync(dirname(path)).find((name) => name.startsWith(`${basename(path)}.damaged-`));
  assert.equal(explained(found.errors[0]), `${join(dirname(path), String(aside))} (corrupted block)`);
  assert.equal(await found.store.use(async (store) => store.records), 0);
});

test('a store that is damaged when it is opened is set aside as well', async (t) => {
  const path = storeFolder();
  const first = openStore(t, path);
  await first.store.use((store) => store.append(['a'], 0));
  await first.store.close();
  writeFileSync(join(path, 'CURRENT'), 'no newline');
  const second = openStore(t, path);
  assert.equal(await second.store.use(async (store) => store.records), 0);
  assert.deepEqual(second.events, ['damaged STORE_SET_ASIDE']);
});

test('after its close a store is not opened again', async (t) => {
  const path = storeFolder();
  mkdirSync(dirname(path), { recursive: true });
  const found = openStore(t, path);
  await found.store.close();
  assert.equal(await found.store.use(async () => 'done'), undefined);
  assert.equal(existsSync(path), false);
});

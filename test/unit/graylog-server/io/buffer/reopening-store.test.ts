import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { errorCode } from '../../../../../lib/errors.ts';
import { AgeClock, systemClock } from '../../../../../nodes/graylog-server/io/buffer/age-clock.ts';
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
  /** What was wrong with each store that was opened. */
  readonly outcomes: string[];
}

function openStore(t: TestContext, path: string | undefined): TestStore {
  const events: string[] = [];
  const errors: unknown[] = [];
  const found = { store: undefined as unknown as ReopeningStore, events, errors, opened: 0, outcomes: [] as string[] };
  found.store = new ReopeningStore({
    path,
    diskSize: 1_000_000,
    clock: new AgeClock(systemClock(), []),
    onStorage: (event, error) => {
      events.push([event, errorCode(error)].filter(Boolean).join(' '));
      errors.push(error);
    },
    onOpened: async (store) => {
      found.opened += 1;
      found.outcomes.push(store.damage?.outcome ?? 'intact');
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
  await found.store.use((store) => store.append(['a']));
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

test('a store that turns out to be damaged is repaired at once', async (t) => {
  const path = storeFolder();
  const found = openStore(t, path);
  await found.store.use((store) => store.append(['a']));
  await found.store.use(() => Promise.reject(corruption()));
  assert.deepEqual(found.outcomes, ['intact', 'repaired']);
  assert.equal(await found.store.use(async (store) => store.records), 1);
  assert.deepEqual(found.events, []);
});

for (const [what, text] of [
  ['garbage', 'no newline'],
  ['empty', ''],
  ['gone', undefined],
  ['of a file that is not there', 'MANIFEST-999999\n'],
] as const) {
  test(`a store whose CURRENT is ${what} is repaired when it is opened`, async (t) => {
    const path = storeFolder();
    const first = openStore(t, path);
    await first.store.use((store) => store.append(['a']));
    await first.store.close();
    if (text === undefined) rmSync(join(path, 'CURRENT'));
    else writeFileSync(join(path, 'CURRENT'), text);
    const second = openStore(t, path);
    assert.equal(await second.store.use(async (store) => store.records), 1);
    assert.deepEqual(second.outcomes, ['repaired']);
  });
}

test('a store that cannot be repaired is set aside, and only the last of such', async (t) => {
  const path = storeFolder();
  for (const _ of [1, 2]) {
    const first = openStore(t, path);
    await first.store.use((store) => store.append(['a']));
    await first.store.close();
    for (const name of readdirSync(path)) rmSync(join(path, name));
    // A folder where LevelDB wants a file: nothing can be put in its place.
    mkdirSync(join(path, 'CURRENT'));
    writeFileSync(join(path, 'CURRENT', 'file'), '');
    const second = openStore(t, path);
    assert.equal(await second.store.use(async (store) => store.records), 0);
    assert.equal(second.outcomes[0], 'setAside');
    await second.store.close();
  }
  const aside = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.damaged-`));
  assert.equal(aside.length, 1, `${aside}`);
});

test('after its close a store is not opened again', async (t) => {
  const path = storeFolder();
  mkdirSync(dirname(path), { recursive: true });
  const found = openStore(t, path);
  await found.store.close();
  assert.equal(await found.store.use(async () => 'done'), undefined);
  assert.equal(existsSync(path), false);
});

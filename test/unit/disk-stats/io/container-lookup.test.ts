import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DockerClient } from '../../../../lib/docker/client.ts';
import { ContainerLookup } from '../../../../nodes/disk-stats/io/container-lookup.ts';
import type { Mount } from '../../../../nodes/disk-stats/mounts.ts';

const OVERLAY: Mount = { device: 'overlay', mount: '/d/merged', fsType: 'overlay', deviceId: '0:9', root: '/' };
const INSPECTED = { Id: 'a', State: {}, GraphDriver: { Data: { MergedDir: '/d/merged' } } };

/** An engine that answers as it is told, path by path; `asked` takes down what it was asked. */
function engine(answers: { [path: string]: () => Promise<unknown> }): { client: DockerClient; asked: string[] } {
  const asked: string[] = [];
  const json = (path: string, query?: object): Promise<unknown> => {
    const names = Object.keys(query ?? {});
    const key = names.length === 0 ? path : `${path}?${names}`;
    asked.push(key);
    return (answers[key] ?? (() => Promise.reject(new Error(`not asked for: ${key}`))))();
  };
  return { client: { place: 'test', json } as unknown as DockerClient, asked };
}

test('a container is listed each time and asked once where it is mounted', async () => {
  const { client, asked } = engine({
    '/containers/json': async () => [{ Id: 'a', Names: ['/web'] }],
    '/containers/a/json': async () => INSPECTED,
  });
  const lookup = new ContainerLookup({ client, sizes: false, onFault: assert.ifError });
  for (let turn = 0; turn < 2; turn += 1)
    assert.equal((await lookup.containersOn([OVERLAY])).get('/d/merged')?.name, 'web');
  assert.deepEqual(asked, ['/containers/json', '/containers/a/json', '/containers/json']);
});

test('an engine is not asked where there is no overlay, and none is asked where there is no engine', async () => {
  const { client, asked } = engine({});
  const onFault = assert.ifError;
  assert.equal((await new ContainerLookup({ client, sizes: true, onFault }).containersOn([])).size, 0);
  const without = new ContainerLookup({ client: undefined, sizes: true, onFault });
  assert.equal((await without.containersOn([OVERLAY])).size, 0);
  assert.deepEqual(asked, []);
});

test('an engine that fails costs the names, and is said once until it answers again', async () => {
  let isUp = false;
  const { client } = engine({
    '/containers/json': () => (isUp ? Promise.resolve([]) : Promise.reject(new Error('refused'))),
  });
  const faults: unknown[] = [];
  const lookup = new ContainerLookup({ client, sizes: false, onFault: (error) => faults.push(error) });
  for (const up of [false, false, true, false]) {
    isUp = up;
    assert.equal((await lookup.containersOn([OVERLAY])).size, 0);
  }
  assert.equal(faults.length, 2);
});

test('an engine that does not answer holds the records back for five seconds, and is said when that lasts', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let isLate = true;
  const { client } = engine({
    '/containers/json': () => (isLate ? new Promise(() => undefined) : Promise.resolve([])),
  });
  const codes: unknown[] = [];
  const onFault = (error: unknown) => codes.push((error as { code?: string }).code);
  const lookup = new ContainerLookup({ client, sizes: false, onFault });
  const look = async (late: boolean) => {
    isLate = late;
    const found = lookup.containersOn([OVERLAY]);
    if (late) t.mock.timers.tick(5_000);
    assert.equal((await found).size, 0);
  };
  // Late now and then, as a busy one is.
  for (const late of [true, true, false, true, true, false, true, true]) await look(late);
  assert.deepEqual(codes, []);
  await look(true);
  assert.deepEqual(codes, ['NO_ANSWER_WITHIN']);
  for (const late of [false, true, true, true]) await look(late);
  assert.equal(codes.length, 2, 'once, until there are names again');
});

test('sizes that the engine is slow to add up come with a later record', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answers: ((value: unknown) => void)[] = [];
  const { client } = engine({
    '/containers/json': async () => [{ Id: 'a', Names: ['/web'] }],
    '/containers/a/json': async () => INSPECTED,
    '/containers/json?size': () => new Promise((resolve) => answers.push(resolve)),
  });
  const lookup = new ContainerLookup({ client, sizes: true, onFault: assert.ifError });
  /** One look-up, after the engine had three seconds for the sizes. */
  const look = async () => {
    const found = lookup.containersOn([OVERLAY]);
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(3_000);
    return (await found).get('/d/merged');
  };
  assert.equal((await look())?.writtenBytes, undefined);
  assert.equal((await look())?.writtenBytes, undefined);
  assert.equal(answers.length, 1, 'the engine adds up once at a time');
  answers[0]?.([{ Id: 'a', SizeRw: 12, SizeRootFs: 1200 }]);
  await new Promise((resolve) => setImmediate(resolve));
  const container = await look();
  assert.deepEqual([container?.writtenBytes, container?.totalBytes], [12, 1200]);
});

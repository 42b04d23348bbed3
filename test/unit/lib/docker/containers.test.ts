import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isRunning,
  listContainers,
  parseContainerDetails,
  parseContainers,
} from '../../../../lib/docker/containers.ts';
import { identityOf } from '../../../../lib/docker/identity.ts';
import { clientFor, fakeContainer, startFakeEngine } from '../../../support/fake-engine.ts';

const NO_LIST = [undefined, null, 7, 'text', {}, { message: 'x' }];

test('`parseContainers()` reads the list of the engine', () => {
  const listed = { Id: 'x', Names: ['/web', '/db/alias'], Image: 'nginx:1', Labels: { a: 'b' }, State: 'running' };
  const [container] = parseContainers([{ ...listed, Command: 'sh', SizeRw: 5, SizeRootFs: 7 }]);
  assert.deepEqual(container, { ...listed, SizeRw: 5, SizeRootFs: 7 });
  assert.deepEqual(container && identityOf(container), { id: 'x', name: 'web', image: 'nginx:1', labels: { a: 'b' } });
});

test('`parseContainers()` takes a container that lacks all but its id, and leaves out what has none', () => {
  const bare = { Id: 'x', Names: [], Image: '', Labels: {}, State: '', SizeRw: undefined, SizeRootFs: undefined };
  assert.deepEqual(parseContainers([{ Id: 'x', Names: null, Labels: null }, {}, null, 'text', { Id: 7 }]), [bare]);
  assert.deepEqual(parseContainers([]), []);
  assert.equal(identityOf(bare).name, '');
});

test('`parseContainers()` and `parseContainerDetails()` refuse what no engine answers', () => {
  for (const answer of NO_LIST) {
    assert.throws(() => parseContainers(answer), { code: 'NO_ENGINE' });
    assert.throws(() => parseContainerDetails(answer), { code: 'NO_ENGINE' });
  }
  for (const answer of [[], { Id: 'x' }, { State: {} }, { Id: 'x', State: 'running' }])
    assert.throws(() => parseContainerDetails(answer), { code: 'NO_ENGINE' });
});

test('`parseContainerDetails()` reads what an engine tells, and takes what it leaves out as empty', () => {
  const details = { ...fakeContainer('x'), GraphDriver: { Data: { MergedDir: '/merged' } } };
  assert.deepEqual(parseContainerDetails(JSON.parse(JSON.stringify(details))), {
    ...details,
    State: { ...details.State, Restarting: false },
  });
  const bare = parseContainerDetails({ Id: 'x', State: {}, Args: null, Config: null, GraphDriver: null });
  assert.deepEqual([bare.Name, bare.Path, bare.Args, bare.Config.Labels], ['', '', [], {}]);
  assert.deepEqual(
    [bare.Image, bare.Created, bare.GraphDriver, bare.State.FinishedAt],
    [undefined, undefined, undefined, ''],
  );
});

test('a container between two runs of its restart policy does not run', () => {
  const between = { ...fakeContainer('x', { Running: true, Restarting: true }) };
  assert.equal(isRunning(between), false);
  assert.equal(isRunning(fakeContainer('x')), true);
  assert.equal(isRunning(fakeContainer('x', { Running: false })), false);
});

test('`listContainers()` asks for those that do not run as well', async (t) => {
  const engine = await startFakeEngine(t);
  let asked = '';
  engine.answer = ({ path, query }) => {
    if (path === '/containers/json') asked = String(query);
    return false;
  };
  engine.containers = [fakeContainer('x')];
  assert.deepEqual(
    (await listContainers(clientFor(t, engine.host))).map(({ Id }) => Id),
    ['x'],
  );
  assert.equal(asked, 'all=true');
});

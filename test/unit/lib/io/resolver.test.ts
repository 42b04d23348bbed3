import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Resolver } from '../../../../lib/io/resolver.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const hostsFile = join(temporaryFolder(), 'hosts');
writeFileSync(hostsFile, '127.0.0.1 here.example\n::1 here.example\n');

const fromSystem = [{ address: '203.0.113.1', family: 4 }];
const fromNetwork = [{ address: '203.0.113.2', family: 4 }];

/** A resolver whose system answers for `dead.example` only once `answer` was called. */
function slowResolver() {
  const events = new EventEmitter();
  const asking = once(events, 'asking');
  const asked: string[] = [];
  const resolver = new Resolver({
    hostsFile,
    lookup: (name) => {
      asked.push(name);
      if (name !== 'dead.example') return Promise.resolve(fromSystem);
      const answered = once(events, 'answer');
      events.emit('asking');
      return answered.then(() => fromSystem);
    },
    query: (name) => (name === 'known.example' ? Promise.resolve(fromNetwork) : Promise.reject(new Error('ENOTFOUND'))),
  });
  return { resolver, asked, asking, answer: () => events.emit('answer') };
}

test('an address is its own, and of the wrong family it is not found', async () => {
  const resolver = new Resolver({ hostsFile });
  assert.deepEqual(await resolver.resolve('192.0.2.7'), [{ address: '192.0.2.7', family: 4 }]);
  await assert.rejects(resolver.resolve('192.0.2.7', 6), {
    code: 'NO_ADDRESS',
    values: { name: '192.0.2.7', family: 6 },
  });
  assert.deepEqual(await resolver.resolve('fe80::1%lo'), [{ address: 'fe80::1%lo', family: 6 }]);
});

test('the hosts file comes first, also while the system is slow with another name', async () => {
  const { resolver, asked, asking, answer } = slowResolver();
  const dead = resolver.resolve('dead.example');
  await asking;
  assert.deepEqual(await resolver.resolve('here.example', 4), [{ address: '127.0.0.1', family: 4 }]);
  assert.deepEqual(
    (await resolver.resolve('HERE.example')).map(({ address }) => address),
    ['127.0.0.1', '::1'],
  );
  answer();
  assert.deepEqual(await dead, fromSystem);
  assert.deepEqual(asked, ['dead.example']);
});

test('a name whose server is dead delays no other: that one is asked for over the network', async () => {
  const { resolver, asking, answer } = slowResolver();
  const dead = resolver.resolve('dead.example');
  await asking;
  assert.deepEqual(await resolver.resolve('known.example'), fromNetwork);
  answer();
  await dead;
});

test('a name that only the system knows waits for its turn', async () => {
  const { resolver, asking, answer } = slowResolver();
  const dead = resolver.resolve('dead.example');
  await asking;
  const inside = resolver.resolve('inside.example');
  answer();
  await dead;
  assert.deepEqual(await inside, fromSystem);
});

test('a name is asked for once, however many want it', async () => {
  const { resolver, asked } = slowResolver();
  await Promise.all([resolver.resolve('a.example'), resolver.resolve('a.example'), resolver.resolve('a.example')]);
  assert.deepEqual(asked, ['a.example']);
});

test('`lookup` serves net.connect', async (t) => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = connect({ host: 'here.example', port, lookup: new Resolver({ hostsFile }).lookup });
  await once(socket, 'connect');
  socket.destroy();
});

test('a name in the hosts file is right while two dead names hang, and a live one resolves while six do', async () => {
  const asked: string[] = [];
  const never = new Promise<never>(() => undefined);
  const resolver = new Resolver({
    hostsFile,
    lookup: (name) => {
      asked.push(name);
      return never;
    },
    query: (name) => (name === 'live.example' ? Promise.resolve(fromNetwork) : never),
  });
  for (let count = 1; count <= 6; count += 1) void resolver.resolve(`dead${count}.example`);
  const began = performance.now();
  assert.deepEqual(await resolver.resolve('here.example', 4), [{ address: '127.0.0.1', family: 4 }]);
  assert.deepEqual(await resolver.resolve('live.example'), fromNetwork);
  assert.ok(performance.now() - began < 1_000);
  assert.deepEqual(asked, ['dead1.example']);
});

test('localhost and what ends in it are this host, without a hosts file and without asking anybody', async () => {
  const fail = (): never => assert.fail('nobody may be asked');
  const resolver = new Resolver({ hostsFile: `${hostsFile}.missing`, lookup: fail, query: fail });
  for (const name of ['localhost', 'LOCALHOST.', 'web.localhost', 'web.localhost.'])
    assert.deepEqual(
      (await resolver.resolve(name)).map(({ address }) => address),
      ['127.0.0.1', '::1'],
    );
  assert.deepEqual(await resolver.resolve('localhost', 6), [{ address: '::1', family: 6 }]);
});

test('a name with a dot at its end is that of the hosts file', async () => {
  const resolver = new Resolver({ hostsFile, lookup: () => assert.fail('the hosts file has it') });
  assert.deepEqual(await resolver.resolve('here.example.', 6), [{ address: '::1', family: 6 }]);
});

test('an answer is not kept, and a name is asked for once whatever its case', async () => {
  const { resolver, asked } = slowResolver();
  await Promise.all([resolver.resolve('a.example'), resolver.resolve('A.example')]);
  await resolver.resolve('a.example');
  assert.deepEqual(asked, ['a.example', 'a.example']);
});

test("a name that nobody knows rejects with the system's error, and frees the thread", async () => {
  const lookup = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
  const resolver = new Resolver({ hostsFile, lookup, query: () => assert.fail('the thread is free') });
  for (let turn = 0; turn < 2; turn += 1) await assert.rejects(resolver.resolve('x.example'), { code: 'ENOTFOUND' });
});

import assert from 'node:assert/strict';
import { promises as dns } from 'node:dns';
import { test } from 'node:test';
import { Semaphore } from '../../../../lib/io/semaphore.ts';
import { Resolver } from '../../../../nodes/http-check/io/lookup.ts';

const LOCAL = [{ address: '127.0.0.1', family: 4 }];

test('an address is its own answer, where it is of the family', async () => {
  const resolver = new Resolver();
  assert.deepEqual(await resolver.resolve('127.0.0.1', 0), LOCAL);
  assert.deepEqual(await resolver.resolve('::1', 6), [{ address: '::1', family: 6 }]);
  await assert.rejects(resolver.resolve('::1', 4), { code: 'NO_ADDRESS', values: { name: '::1', family: 4 } });
});

test('a name is asked for once at a time, however many checks want it', async (t) => {
  let answer: (addresses: object[]) => void = () => undefined;
  const lookup = t.mock.method(dns, 'lookup', () => new Promise((resolve) => (answer = resolve)));
  const resolver = new Resolver();
  const both = [resolver.resolve('web.test', 0), resolver.resolve('web.test', 0)];
  await new Promise((resolve) => setImmediate(resolve));
  answer(LOCAL);
  assert.deepEqual(await Promise.all(both), [LOCAL, LOCAL]);
  assert.equal(lookup.mock.callCount(), 1);
  const again = resolver.resolve('web.test', 0);
  await new Promise((resolve) => setImmediate(resolve));
  answer(LOCAL);
  await again;
  assert.equal(lookup.mock.callCount(), 2, 'an answer is not kept');
});

test("a name that the system does not know rejects with the system's error, and frees its thread", async (t) => {
  const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  t.mock.method(dns, 'lookup', () => Promise.reject(notFound));
  const resolver = new Resolver(new Semaphore(1, 1));
  for (let turn = 0; turn < 2; turn += 1) await assert.rejects(resolver.resolve('x.test', 0), { code: 'ENOTFOUND' });
});

test('a name that finds no thread free is resolved without one', async (t) => {
  t.mock.method(dns, 'lookup', () => assert.fail('no thread is free'));
  const threads = new Semaphore(1, 1);
  await threads.acquire();
  const addresses = await new Resolver(threads).resolve('localhost', 0);
  assert.deepEqual(addresses.map(({ address }) => address).sort(), ['127.0.0.1', '::1']);
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode, MonitoringError } from '../../../../../lib/errors.ts';
import { Failover, type Opened } from '../../../../../nodes/graylog-server/io/ship/failover.ts';
import { endpointsNamed, MemoryTransport } from '../../../../support/transport.ts';

const REFUSED = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const never = new AbortController().signal;

interface Hosts {
  [host: string]: MemoryTransport | Error;
}

/** A failover over hosts: an error is one that does not open. */
function failoverTo(hosts: Hosts, { returnMs = 1_000, renewMs = 0 } = {}): { failover: Failover; tried: string[] } {
  const tried: string[] = [];
  const failover = new Failover({
    endpoints: () => endpointsNamed(...Object.keys(hosts)),
    createTransport: ({ host }) => {
      tried.push(host);
      const transport = hosts[host];
      return transport instanceof MemoryTransport
        ? transport
        : new MemoryTransport({ open: () => Promise.reject(transport) });
    },
    returnMs,
    renewMs,
  });
  return { failover, tried };
}

/** Looks for something better than the endpoint at `index` until it is found, which is told in the array. */
function searchBetter(failover: Failover, index: number): Opened[] {
  const search = new AbortController();
  const found: Opened[] = [];
  const take = (opened: Opened): void => {
    found.push(opened);
    search.abort();
  };
  failover.lookForBetter(index, take, search.signal);
  return found;
}

test('the first endpoint that opens is taken, and those before it are tried in order', async () => {
  const second = new MemoryTransport();
  const { failover, tried } = failoverTo({ a: REFUSED, b: second, c: new MemoryTransport() });
  const { opened } = await failover.openFirst(never);
  assert.deepEqual(tried, ['a', 'b']);
  assert.deepEqual([opened?.transport, opened?.index, opened?.name], [second, 1, 'tcp://b:1']);
});

test('where none opens, the fault is that of the last one', async () => {
  const { failover } = failoverTo({ a: new Error('other'), b: REFUSED });
  assert.deepEqual(await failover.openFirst(never), { fault: { name: 'tcp://b:1', error: REFUSED } });
});

test('where no endpoint is known there is neither a connection nor a fault', async () => {
  assert.deepEqual(await failoverTo({}).failover.openFirst(never), {});
});

test('an endpoint whose transport cannot be made is one that does not open', async () => {
  const failover = new Failover({
    endpoints: () => endpointsNamed('a'),
    createTransport: () => {
      throw new MonitoringError('BAD_TLS_CONFIG');
    },
    returnMs: 1,
    renewMs: 0,
  });
  const { fault } = await failover.openFirst(never);
  assert.equal(errorCode(fault?.error), 'BAD_TLS_CONFIG');
});

test('a transport that did not open is closed', async () => {
  const transport = new MemoryTransport({ open: () => Promise.reject(REFUSED) });
  await failoverTo({ a: transport }).failover.openFirst(never);
  assert.equal(transport.isClosed, true);
});

test('when the signal aborts, the connect that is under way ends, and no other begins', async () => {
  const closing = new AbortController();
  const hanging = new MemoryTransport({
    open: async (signal) => {
      await once(signal, 'abort');
      throw new MonitoringError('CLOSED');
    },
  });
  const { failover, tried } = failoverTo({ a: hanging, b: new MemoryTransport() });
  const opening = failover.openFirst(closing.signal);
  closing.abort();
  assert.deepEqual(await opening, {});
  assert.deepEqual(tried, ['a']);
});

test('while a later endpoint serves, those further up are looked for again and again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const hosts: Hosts = { a: REFUSED, b: new MemoryTransport() };
  const { failover, tried } = failoverTo(hosts);
  const found = searchBetter(failover, 1);
  t.mock.timers.tick(1_000);
  await nextTurn();
  assert.deepEqual([tried, found.length], [['a'], 0]);
  hosts.a = new MemoryTransport();
  t.mock.timers.tick(1_000);
  await nextTurn();
  assert.deepEqual([tried, found.length, found[0]?.index], [['a', 'a'], 1, 0]);
  t.mock.timers.tick(10_000);
  await nextTurn();
  assert.equal(tried.length, 2, 'the search is over');
});

test('while the first endpoint serves, nothing is looked for', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { failover, tried } = failoverTo({ a: new MemoryTransport() });
  failover.lookForBetter(0, () => undefined, never);
  t.mock.timers.tick(100_000);
  await nextTurn();
  assert.deepEqual(tried, []);
});

test('a fresh connection is opened when one is due, to the same endpoint or one further up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { failover, tried } = failoverTo(
    { a: REFUSED, b: new MemoryTransport(), c: REFUSED },
    { returnMs: 1e9, renewMs: 500 },
  );
  const found = searchBetter(failover, 1);
  t.mock.timers.tick(499);
  await nextTurn();
  assert.deepEqual(tried, []);
  t.mock.timers.tick(1);
  await nextTurn();
  assert.deepEqual([tried, found[0]?.index], [['a', 'b'], 1]);
});

test('a connection that opens after the search has ended is closed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let open = (): void => undefined;
  const late = new MemoryTransport({
    open: () =>
      new Promise((resolve) => {
        open = resolve;
      }),
  });
  const search = new AbortController();
  const found: Opened[] = [];
  failoverTo({ a: late }).failover.lookForBetter(1, (opened) => found.push(opened), search.signal);
  t.mock.timers.tick(1_000);
  await nextTurn();
  search.abort();
  open();
  await nextTurn();
  assert.deepEqual([found.length, late.isClosed], [0, true]);
});

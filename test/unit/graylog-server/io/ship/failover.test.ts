import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { errorCode, MonitoringError } from '../../../../../lib/errors.ts';
import { Failover } from '../../../../../nodes/graylog-server/io/ship/failover.ts';
import { endpointsNamed, MemoryTransport } from '../../../../support/transport.ts';

const REFUSED = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const never = new AbortController().signal;

interface Hosts {
  [host: string]: MemoryTransport | Error;
}

/** A failover over hosts: an error is one that does not open. */
function failoverTo(hosts: Hosts): { failover: Failover; tried: string[] } {
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
  });
  return { failover, tried };
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

test('one that delivers nothing goes behind those that failed less often, and back to its place once it delivers', async () => {
  const hosts: Hosts = { a: new MemoryTransport(), b: new MemoryTransport(), c: new MemoryTransport() };
  const { failover } = failoverTo(hosts);
  const first = async (): Promise<string | undefined> => (await failover.openFirst(never)).opened?.name;
  assert.equal(await first(), 'tcp://a:1');
  failover.failed(0);
  assert.equal(await first(), 'tcp://b:1');
  failover.failed(1);
  failover.failed(2);
  assert.equal(await first(), 'tcp://a:1', 'among equals the order of the list counts');
  failover.failed(0);
  assert.equal(await first(), 'tcp://b:1');
  failover.delivered(0);
  assert.equal(await first(), 'tcp://a:1');
});

test('one that does not open goes behind the others as well', async () => {
  const { failover, tried } = failoverTo({ a: REFUSED, b: new MemoryTransport() });
  await failover.openFirst(never);
  await failover.openFirst(never);
  assert.deepEqual(tried, ['a', 'b', 'b']);
});

test('of those further up in the list the first that opens is given, and none where none does', async () => {
  const { failover, tried } = failoverTo({ a: REFUSED, b: new MemoryTransport(), c: new MemoryTransport() });
  assert.equal((await failover.openEarlier(2, never))?.name, 'tcp://b:1');
  assert.equal(await failover.openEarlier(1, never), undefined);
  assert.deepEqual(tried, ['a', 'b', 'a']);
});

test('a connection that opens after the signal has aborted is closed', async () => {
  const search = new AbortController();
  const late = new MemoryTransport({ open: async () => search.abort() });
  assert.deepEqual(await failoverTo({ a: late }).failover.open(0, search.signal), {});
  assert.equal(late.isClosed, true);
});

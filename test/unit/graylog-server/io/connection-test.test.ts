import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';
import { testEndpoints } from '../../../../nodes/graylog-server/io/connection-test.ts';
import type { Transport } from '../../../../nodes/graylog-server/io/transports/transport.ts';
import { endpointsNamed, MemoryTransport } from '../../../support/transport.ts';

const REFUSED = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Tests one endpoint over this transport, or with this way to make one. */
async function testOne(make: Transport | (() => never)) {
  const createTransport = typeof make === 'function' ? make : () => make;
  const [result] = await testEndpoints(endpointsNamed('a'), createTransport, 'document');
  return result;
}

test('over a transport that confirms, the record is delivered', async () => {
  const transport = new MemoryTransport();
  assert.deepEqual(await testOne(transport), { endpoint: 'tcp://a:1', outcome: 'delivered' });
  assert.deepEqual([transport.texts, transport.isClosed], [['document'], true]);
});

test('over one that confirms nothing it is sent, once nobody has refused it for a moment', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const result = testOne(new MemoryTransport({ confirms: 'never' }));
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(300);
  assert.equal((await result)?.outcome, 'sent');
});

test('over one that confirms at its end it is read once the peer has hung up in its turn', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const isRead of [true, false]) {
    const result = testOne(new MemoryTransport({ confirms: 'end', close: () => ({ isRead }) }));
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(300);
    assert.equal((await result)?.outcome, isRead ? 'read' : 'sent');
  }
});

test('a connection that is lost in that moment has failed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const transport = new MemoryTransport({ confirms: 'never' });
  const result = testOne(transport);
  await new Promise((resolve) => setImmediate(resolve));
  transport.lose(REFUSED);
  assert.deepEqual(await result, { endpoint: 'tcp://a:1', outcome: 'failed', error: REFUSED });
});

test('what does not open, fails or refuses the record is the error of its endpoint', async () => {
  const closed = new MemoryTransport({ open: () => Promise.reject(REFUSED) });
  assert.equal((await testOne(closed))?.error, REFUSED);
  assert.equal(closed.isClosed, true);
  assert.equal((await testOne(new MemoryTransport({ send: () => ({ sent: 0, failure: REFUSED }) })))?.error, REFUSED);
  assert.equal(
    (await testOne(new MemoryTransport({ send: () => ({ sent: 1, refused: [{ index: 0, error: REFUSED }] }) })))?.error,
    REFUSED,
  );
});

test('an endpoint whose transport cannot be made is a failure like any other', async () => {
  const result = await testOne(() => {
    throw new MonitoringError('BAD_TLS_CONFIG');
  });
  assert.deepEqual([result?.outcome, errorCode(result?.error)], ['failed', 'BAD_TLS_CONFIG']);
});

test('every endpoint is tested, and the results come in their order', async () => {
  const results = await testEndpoints(
    endpointsNamed('a', 'b'),
    ({ host }) => new MemoryTransport(host === 'a' ? { open: () => Promise.reject(REFUSED) } : {}),
    'document',
  );
  assert.deepEqual(
    results.map(({ endpoint, outcome }) => [endpoint, outcome]),
    [
      ['tcp://a:1', 'failed'],
      ['tcp://b:1', 'delivered'],
    ],
  );
});

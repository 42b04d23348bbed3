// Risk: the Test button says something else than what became of the record.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpoints } from '../../../nodes/graylog-server/endpoint.ts';
import { testEndpoints } from '../../../nodes/graylog-server/io/connection-test.ts';
import { createTransportFactory } from '../../../nodes/graylog-server/io/transports/factory.ts';
import { deliveryOptions } from '../../../nodes/graylog-server/options.ts';
import { explained } from '../../support/explained.ts';
import { receiveHttp, receiveTcp, receiveUdp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';

const DOCUMENT = '{"version":"1.1","host":"test","short_message":"trial","timestamp":1795000000,"level":6}';

const createTransport = createTransportFactory(deliveryOptions({}), {
  tls: () => ({}),
  authorization: undefined,
});

test('a trial says delivered over HTTP, read over TCP, sent over UDP, and why not for those that are away', async (t) => {
  const [http, tcp, udp, gone] = await Promise.all([receiveHttp(t), receiveTcp(t), receiveUdp(t), freePort()]);
  const denied = await receiveHttp(t, { answer: () => 401 });
  const addresses = [
    `http://127.0.0.1:${http.port}`,
    `tcp://127.0.0.1:${tcp.port}`,
    `udp://127.0.0.1:${udp.port}`,
    `tcp://127.0.0.1:${gone}`,
    `udp://127.0.0.1:${gone}`,
    `http://127.0.0.1:${denied.port}`,
  ];
  const results = await testEndpoints(parseEndpoints(addresses.join(',')), createTransport, DOCUMENT);
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['delivered', 'read', 'sent', 'failed', 'failed', 'failed'],
  );
  assert.deepEqual(
    results.map(({ endpoint }) => endpoint),
    addresses,
  );
  assert.match(explained(results[3]?.error), /ECONNREFUSED/);
  assert.match(explained(results[4]?.error), /ECONNREFUSED/);
  assert.match(explained(results[5]?.error), /401/);
  for (const receiver of [http, tcp, udp]) {
    await receiver.until((all) => all.length === 1);
    assert.deepEqual(receiver.faults, []);
  }
});

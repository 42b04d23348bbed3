import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../../../lib/errors.ts';
import { parseEndpoint } from '../../../../../nodes/graylog-server/endpoint.ts';
import { createTransportFactory } from '../../../../../nodes/graylog-server/io/transports/factory.ts';
import { FileTransport } from '../../../../../nodes/graylog-server/io/transports/file.ts';
import { HttpTransport } from '../../../../../nodes/graylog-server/io/transports/http.ts';
import { TcpTransport } from '../../../../../nodes/graylog-server/io/transports/tcp.ts';
import { UdpTransport } from '../../../../../nodes/graylog-server/io/transports/udp.ts';
import { deliveryOptions } from '../../../../../nodes/graylog-server/options.ts';

/** A factory whose TLS configuration cannot be used. */
function brokenFactory() {
  return createTransportFactory(deliveryOptions({}), {
    tls: () => {
      throw new MonitoringError('BAD_TLS_CONFIG');
    },
    authorization: undefined,
  });
}

test('the scheme of an address chooses its transport, and only TLS and HTTPS ask for the TLS configuration', () => {
  const create = brokenFactory();
  assert.ok(create(parseEndpoint('tcp://a')) instanceof TcpTransport);
  assert.ok(create(parseEndpoint('udp://a')) instanceof UdpTransport);
  assert.ok(create(parseEndpoint('http://a')) instanceof HttpTransport);
  assert.ok(create(parseEndpoint('file:/a')) instanceof FileTransport);
  for (const scheme of ['tls', 'https']) {
    assert.throws(() => create(parseEndpoint(`${scheme}://a`)), { code: 'BAD_TLS_CONFIG' });
  }
});

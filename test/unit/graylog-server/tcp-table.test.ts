import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { unacknowledgedBytes } from '../../../nodes/graylog-server/tcp-table.ts';
import { until } from '../../support/until.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:2FA9 0100007F:C350 01 00000000:00000010 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 0100007F:C350 0100007F:2FA9 01 00001E78:00000000 01:00000014 00000003     0        0 3 2 0 20 4 30 10 -1
`;

test('`unacknowledgedBytes()` gives what a socket has written and its peer has not acknowledged', () => {
  assert.equal(unacknowledgedBytes(TABLE, 50_000, 12_201), 7_800);
  assert.equal(unacknowledgedBytes(TABLE, 12_201, 50_000), 0);
});

test('`unacknowledgedBytes()` gives undefined for a socket that is not in the table', () => {
  assert.equal(unacknowledgedBytes(TABLE, 50_001, 12_201), undefined);
  assert.equal(unacknowledgedBytes(TABLE, 8_080, 0), undefined);
  assert.equal(unacknowledgedBytes('', 1, 2), undefined);
  assert.equal(unacknowledgedBytes(TABLE.slice(0, 300), 50_000, 12_201), undefined);
});

test('what a stopped peer has not taken stands in the table of this kernel', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  t.after(() => {
    socket.destroy();
    server.close();
  });
  const [accepted] = await once(server, 'connection');
  t.after(() => accepted.destroy());
  const { localPort = 0 } = socket;
  const bytes = () => unacknowledgedBytes(readFileSync('/proc/self/net/tcp', 'utf8'), localPort, port);
  assert.equal(bytes(), 0);
  for (let written = 0; written < 16_777_216; written += 1_048_576) socket.write(Buffer.alloc(1_048_576));
  await until(() => (bytes() ?? 0) > 0);
});

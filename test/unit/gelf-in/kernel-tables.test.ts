import assert from 'node:assert/strict';
import { test } from 'node:test';
import { socketRows } from '../../../nodes/gelf-in/kernel-tables.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1361: 0100007F:2FA9 00000000:0000 07 00000000:00033600 00:00000000 00000000  1000        0 481516 2 0000000000000000 2342
  bad line
 1400: 00000000000000000000000000000000:2FA9 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 99 2 0000000000000000 0
`;

test('`socketRows()` reads port, owner, inode and drops, and leaves out what it cannot read', () => {
  const first = { port: 12_201, inode: '481516', state: '07', uid: 1000, drops: 2342 };
  assert.deepEqual(socketRows(TABLE), [first, { port: 12_201, inode: '99', state: '07', uid: 0, drops: 0 }]);
  assert.deepEqual(socketRows(''), []);
});

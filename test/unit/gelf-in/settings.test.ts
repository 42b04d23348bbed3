import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings, type Settings } from '../../../nodes/gelf-in/settings.ts';

test('a flow without properties gets UDP and TCP at 12201, with the limits of Graylog', () => {
  const settings = readSettings({}) as Settings;
  const { isAllowed, ...rest } = settings;
  assert.deepEqual(rest, {
    ...{ isUdp: true, isTcp: true, isHttp: false, port: 12_201, address: undefined, mostBytes: 2_097_152 },
    ...{ connections: 1_024, memoryBytes: 64 * 1024 * 1024, holdMs: 5_000 },
  });
  assert.equal(isAllowed('203.0.113.9'), true);
  assert.equal((readSettings({ transport: 'http' }) as Settings).mostBytes, 65_536);
  assert.equal((readSettings({ transport: 'http', mostKilobytes: '128' }) as Settings).mostBytes, 131_072);
});

test('senders are addresses and networks, of both kinds', () => {
  const { isAllowed } = readSettings({ senders: '192.0.2.0/24, 2001:db8::/32' }) as Settings;
  assert.deepEqual(['192.0.2.9', '::ffff:192.0.2.9', '2001:db8::1', '203.0.113.1', ''].map(isAllowed), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('a value that cannot be used is named', () => {
  for (const [name, value] of [
    ...[
      ['transport', 'quic'],
      ['port', '0'],
      ['port', 'x'],
      ['address', 'graylog.example'],
      ['senders', 'everybody'],
    ],
    ...[
      ['mostKilobytes', '0'],
      ['connections', '1.5'],
      ['memoryMegabytes', 'x'],
      ['holdSeconds', '-1'],
    ],
  ] as [string, string][])
    assert.deepEqual(readSettings({ [name]: value }), { wrong: name });
  for (const address of ['', '127.0.0.1', '::1', 'fe80::1%eth0', 'localhost', '0.0.0.0'])
    assert.ok(!('wrong' in readSettings({ address })), address);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesIn } from '../../../lib/hosts-file.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';

const HOSTS =
  '127.0.0.1\tlocalhost # here\n::1 localhost ip6-localhost\r\n\n# 10.0.0.9 gone\n10.0.0.7 Graylog.example graylog\n10.0.0.7 graylog\nfe80::1%eth0 link.example.\n10.0.0.8 last';

test('`addressesIn()` gives a name its addresses in order, whatever the case, without comments', () => {
  assert.deepEqual(addressesIn(HOSTS, 'LocalHost'), ['127.0.0.1', '::1']);
  assert.deepEqual(addressesIn(HOSTS, 'graylog.EXAMPLE'), ['10.0.0.7']);
  assert.deepEqual(addressesIn(HOSTS, 'graylog'), ['10.0.0.7']);
  assert.deepEqual(addressesIn(HOSTS, 'last'), ['10.0.0.8']);
  for (const name of ['gone', 'here', 'host', 'example', '10.0.0.7', '', '#'])
    assert.deepEqual(addressesIn(HOSTS, name), []);
});

test('`addressesIn()` makes no difference of a dot at the end, and keeps the zone of an address', () => {
  assert.deepEqual(addressesIn(HOSTS, 'localhost.'), ['127.0.0.1', '::1']);
  assert.deepEqual(addressesIn(HOSTS, 'link.example'), ['fe80::1%eth0']);
});

test('`addressesIn()` finds a name in a list of 200,000 to block in a few milliseconds', () => {
  const list = Array.from({ length: 200_000 }, (_, index) => `0.0.0.0 ads${index}.example`).join('\n');
  const tookMs = cpuMsOf(() => {
    assert.deepEqual(addressesIn(`# İstanbul\n${list}\n10.0.0.7 web`, 'web'), ['10.0.0.7']);
  });
  assert.ok(tookMs < 200, `${tookMs} ms`);
});

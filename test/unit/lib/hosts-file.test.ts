import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHosts } from '../../../lib/hosts-file.ts';

test('`parseHosts()` gives every name its addresses in order, whatever the case, without comments', () => {
  const hosts = parseHosts(
    '127.0.0.1\tlocalhost # here\n::1 localhost ip6-localhost\r\n\n# 10.0.0.9 gone\n10.0.0.7 Graylog.example graylog\n10.0.0.7 graylog\n',
  );
  assert.deepEqual(hosts.get('localhost'), ['127.0.0.1', '::1']);
  assert.deepEqual(hosts.get('graylog.example'), ['10.0.0.7']);
  assert.deepEqual(hosts.get('graylog'), ['10.0.0.7']);
  assert.equal(hosts.get('gone'), undefined);
});

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { monitoredHost } from '../../../../lib/io/host.ts';

test("`monitoredHost()` is the variable's, else the name of this machine", () => {
  assert.equal(
    monitoredHost((name) => (name === 'MONITORED_HOST' ? 'web-1' : undefined)),
    'web-1',
  );
  assert.equal(
    monitoredHost(() => undefined),
    hostname(),
  );
});

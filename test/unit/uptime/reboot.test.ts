import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Boot, hasRebooted, parseBoot, rebootRecord } from '../../../nodes/uptime/reboot.ts';

const before: Boot = { id: 'a', uptimeSeconds: 7200, seenMs: 1_700_000_000_000 };

test('hasRebooted() tells by the boot id, however long the host is up again', () => {
  assert.equal(hasRebooted(before, { id: 'a', uptimeSeconds: 10, seenMs: 0 }), false);
  assert.equal(hasRebooted(before, { id: 'b', uptimeSeconds: 99_999, seenMs: 0 }), true);
});

test('hasRebooted() tells by the uptime going back where there is no boot id', () => {
  const nameless = { ...before, id: undefined };
  assert.equal(hasRebooted(nameless, { ...nameless, uptimeSeconds: 7260 }), false);
  assert.equal(hasRebooted(nameless, { ...nameless, uptimeSeconds: 30 }), true);
});

test('rebootRecord() has the time of the boot and how long the host was not seen', () => {
  const after = { id: 'b', uptimeSeconds: 40, seenMs: before.seenMs + 160_000 };
  assert.deepEqual(rebootRecord(before, after, 'web1'), {
    log_type: 'uptime',
    time: '2023-11-14T22:15:20.000Z',
    host: 'web1',
    level: 4,
    message: 'web1 was rebooted, after 2 h 0 min up; not seen for 2 min',
    event_id: 'reboot-web1-b',
    event_action: 'reboot',
    uptime_seconds: 40,
    uptime_before_seconds: 7200,
    host_down_seconds: 120,
  });
});

test('parseBoot() takes what was written, with a boot id or without, and refuses everything else', () => {
  for (const boot of [before, { ...before, id: undefined }])
    assert.deepEqual(parseBoot(JSON.parse(JSON.stringify(boot)), before.seenMs), boot);
  const { uptimeSeconds, seenMs } = before;
  for (const value of [
    undefined,
    null,
    'a',
    {},
    { uptimeSeconds },
    { id: 7, uptimeSeconds, seenMs },
    { uptimeSeconds, seenMs: 'x' },
    { uptimeSeconds: -1, seenMs },
    { uptimeSeconds, seenMs: seenMs * 100 },
  ])
    assert.equal(parseBoot(value, before.seenMs), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Boot, hasRebooted, parseBoot, rebootRecord } from '../../../nodes/uptime/reboot.ts';

const before: Boot = { id: 'a', uptimeSeconds: 7200, seenMs: 1_800_000_000_000 };

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
    time: '2027-01-15T08:02:00.000Z',
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

test('rebootRecord() gives no span where the clock is behind: it would be less than nothing', () => {
  const hour = 3_600_000;
  const behind = rebootRecord(before, { id: 'b', uptimeSeconds: 40, seenMs: before.seenMs - 2 * hour }, 'web1');
  assert.equal('host_down_seconds' in behind, false);
  assert.equal(behind.message, 'web1 was rebooted, after 2 h 0 min up');
  const never = rebootRecord(before, { id: 'b', uptimeSeconds: 40, seenMs: 20_000 }, 'web1');
  assert.equal('host_down_seconds' in never, false);
  assert.equal(never.time, '1970-01-01T00:00:00.000Z');
  const unset = rebootRecord(
    { uptimeSeconds: 7200, seenMs: 20_000 },
    { id: 'b', uptimeSeconds: 40, seenMs: 1.8e12 },
    'w',
  );
  assert.equal('host_down_seconds' in unset, false, 'the clock was never set in the boot before');
  const near = rebootRecord(before, { id: 'b', uptimeSeconds: 40, seenMs: before.seenMs + 39_000 }, 'web1');
  assert.equal(near.host_down_seconds, 0);
});

test('rebootRecord() of a corrected clock has the right time and span, and an id of its own', () => {
  const after = { id: 'b', uptimeSeconds: 640, seenMs: before.seenMs + 1_840_000 };
  const corrected = rebootRecord(before, after, 'web1', true);
  assert.equal(corrected.level, 5);
  assert.equal(corrected.time, '2027-01-15T08:20:00.000Z');
  assert.equal(corrected.host_down_seconds, 1200);
  assert.notEqual(corrected.event_id, rebootRecord(before, after, 'web1').event_id);
  assert.match(corrected.message, /rebooted at 2027-01-15T08:20:00.000Z.*not seen for 20 min/);
});

test('parseBoot() takes the reboot that was told, and the boot without it where that part is spoilt', () => {
  const reboot = { before: { uptimeSeconds: 5, seenMs: before.seenMs - 1 }, bootMs: before.seenMs };
  const saved = (value: unknown) => JSON.parse(JSON.stringify({ ...before, reboot: value }));
  assert.deepEqual(parseBoot(saved(reboot), before.seenMs), { ...before, reboot });
  for (const spoilt of [7, {}, { before: reboot.before }, { bootMs: 1 }, { ...reboot, bootMs: 'x' }])
    assert.deepEqual(parseBoot(saved(spoilt), before.seenMs), before);
});

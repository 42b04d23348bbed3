import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nanosOf, sinceNanos, stampOf } from '../../../../lib/docker/time.ts';
import type { InfraRecord } from '../../../../lib/record.ts';
import { readJsonLine } from '../../../../nodes/docker-logs-in/line/json-line.ts';
import { logTemplates } from '../../../../nodes/docker-logs-in/line/log-record.ts';
import {
  createMessageMaker,
  type LineOptions,
  type MessageMaker,
} from '../../../../nodes/docker-logs-in/line/messages.ts';
import { type LogPosition, mayHaveMore, reachesBack, sinceOf } from '../../../../nodes/docker-logs-in/position.ts';
import { wrongSetting } from '../../../../nodes/docker-logs-in/settings.ts';

const stamp = (number: number): string => `2026-11-23T18:00:00.${String(number).padStart(9, '0')}Z`;
const plain: LineOptions = { multilineStart: undefined, json: false };
const container = {
  id: 'c'.repeat(64),
  name: 'web',
  image: 'nginx:1',
  labels: { 'com.docker.compose.service': 'web' },
};

function recorder(position: LogPosition = {}, options: LineOptions = plain): MessageMaker {
  return createMessageMaker(logTemplates(container, undefined, 'host-1'), position, options);
}

const messages = (own: MessageMaker): unknown[] =>
  own.take().map(({ payload }) => payload.full_message ?? payload.message);

test('the recorder makes the contract’s record of a line', () => {
  const own = recorder();
  own.line(2, '2026-11-23T18:00:00.123456789Z', 3, 'oh no', false);
  assert.deepEqual(own.take(), [
    {
      topic: 'docker/log/web',
      payload: {
        log_type: 'docker_log',
        time: '2026-11-23T18:00:00.123Z',
        host: 'host-1',
        level: 3,
        message: 'oh no',
        event_id: `${container.id}-2026-11-23T18:00:00.123456789Z-stderr-3`,
        container_id: container.id,
        container_name: 'web',
        image_name: 'nginx:1',
        tag: 'cccccccccccc',
        stream: 'stderr',
        compose_service: 'web',
      },
    },
  ]);
});

test('the recorder drops empty lines and marks what was cut', () => {
  const own = recorder();
  own.line(1, stamp(1), 0, '', false);
  own.line(1, stamp(2), 0, 'long', true);
  assert.deepEqual(messages(own), ['long … (truncated)']);
  assert.deepEqual(own.position(undefined), { out: [stamp(2), 1], err: undefined, pending: undefined });
});

test('the recorder skips on each stream what was handed on, and nothing else', () => {
  const own = recorder({ out: [stamp(5), 2], err: [stamp(3), 1] });
  own.line(1, stamp(4), 0, 'old', false);
  own.line(1, stamp(5), 0, 'old', false);
  own.line(1, stamp(5), 1, 'old', false);
  own.line(2, stamp(3), 0, 'old', false);
  own.line(2, stamp(4), 0, 'late on stderr', false);
  own.line(1, stamp(5), 2, 'third of its moment', false);
  own.line(1, stamp(6), 0, 'new', false);
  assert.deepEqual(messages(own), ['late on stderr', 'third of its moment', 'new']);
  own.restart();
  own.line(1, stamp(6), 0, 'again', false);
  own.line(1, stamp(7), 0, 'newer', false);
  // After the clock was set back.
  own.line(1, stamp(1), 0, 'earlier', false);
  assert.deepEqual(messages(own), ['newer', 'earlier']);
});

test('the recorder joins lines that do not fit the pattern of a first line', () => {
  const own = recorder({}, { multilineStart: /^\S/u, json: false });
  own.line(1, stamp(1), 0, 'Error: x', false);
  own.line(1, stamp(2), 0, '  at a', false);
  own.line(2, stamp(2), 0, 'other stream', false);
  own.line(1, stamp(3), 0, '', false);
  own.line(1, stamp(4), 0, '  at b', false);
  assert.deepEqual(own.take(), []);
  assert.ok(own.isWaiting);
  assert.equal(own.position(undefined).pending, stamp(1));
  own.line(1, stamp(5), 0, 'next', false);
  const [joined] = own.take();
  assert.equal(joined?.payload.message, 'Error: x');
  assert.equal(joined?.payload.full_message, 'Error: x\n  at a\n\n  at b');
  assert.deepEqual(own.position(undefined).out, [stamp(4), 1]);
  own.flush();
  assert.deepEqual(messages(own), ['other stream', 'next'].reverse());
  assert.ok(!own.isWaiting);
});

test('the recorder bounds a joined message', () => {
  const own = recorder({}, { multilineStart: /^start/u, json: false });
  own.line(1, stamp(1), 0, 'start', false);
  for (let number = 2; number < 600; number += 1) own.line(1, stamp(number), 0, 'x'.repeat(1000), false);
  const lengths = own.take().map(({ payload }) => String(payload.full_message).length);
  assert.equal(lengths.length, 2);
  assert.ok(lengths.every((length) => length <= 256 * 1024));
});

test('what is read after a break joins as if there had been none', () => {
  const own = recorder({}, { multilineStart: /^\S/u, json: false });
  own.line(1, stamp(1), 0, 'first', false);
  own.line(1, stamp(2), 0, 'Error', false);
  own.line(1, stamp(3), 0, ' at a', false);
  own.restart();
  own.line(1, stamp(1), 0, 'first', false);
  own.line(1, stamp(2), 0, 'Error', false);
  own.line(1, stamp(3), 0, ' at a', false);
  own.line(1, stamp(4), 0, ' at b', false);
  own.flush();
  assert.deepEqual(messages(own), ['first', 'Error\n at a\n at b']);
});

test('`readJsonLine()` makes fields of the members of a JSON object', () => {
  const base = { level: 6, message: '{…}', stream: 'stdout' } as unknown as InfraRecord;
  const line = {
    msg: 'user logged in',
    level: 'info',
    user: { id: 7, name: 'ann', tags: ['a', 1] },
    ok: true,
    nothing: null,
    'http.status': 200,
    _id: 'x',
  };
  const record = { ...base };
  readJsonLine(record, JSON.stringify(line));
  assert.deepEqual(record, {
    ...base,
    message: 'user logged in',
    json_level: 'info',
    user_id: 7,
    user_name: 'ann',
    user_tags: '["a",1]',
    ok: 'true',
    http_status: 200,
    json_id: 'x',
  });
});

test('`readJsonLine()` leaves alone what is no JSON object', () => {
  for (const text of ['plain', '{"cut": tr', '[1]', '"text"', '']) {
    const record = { message: text } as unknown as InfraRecord;
    readJsonLine(record, text);
    assert.deepEqual(record, { message: text });
  }
});

test('`sinceOf()` starts at the oldest unfinished line, else a second before the newest', () => {
  assert.equal(sinceOf({}, '1700000000000000001'), '1700000000.000000001');
  const at = (seconds: number): string => `2026-11-23T18:00:0${seconds}.000000005Z`;
  const second = Date.parse('2026-11-23T18:00:00Z') / 1000;
  assert.equal(sinceOf({ out: [at(3), 1], err: [at(7), 1] }, '0'), `${second + 6}.000000005`);
  assert.equal(sinceOf({ out: [at(3), 1], err: [at(7), 1], pending: at(5) }, '0'), `${second + 4}.000000005`);
});

test('`reachesBack()` is true where nothing is missing before the first line', () => {
  const position = { out: [stamp(5), 1] as const, err: [stamp(3), 1] as const };
  assert.ok(reachesBack(position, stamp(4)));
  assert.ok(!reachesBack(position, stamp(5)));
  assert.ok(!reachesBack({ ...position, pending: stamp(4) }, stamp(4)));
  assert.ok(!reachesBack({}, stamp(1)));
});

test('`mayHaveMore()` is true once for every end of a container', () => {
  const end = '2026-11-23T18:00:05.5Z';
  const first = nanosOf('2026-11-23T18:00:00Z') ?? '';
  assert.ok(mayHaveMore({}, end, first));
  assert.ok(!mayHaveMore({ finished: end }, end, first));
  assert.ok(!mayHaveMore({}, '2026-11-23T17:00:00Z', first));
  assert.ok(!mayHaveMore({}, '0001-01-01T00:00:00Z', first));
});

test('times keep all nine decimals', () => {
  assert.equal(nanosOf('2026-11-23T18:00:00.123456789Z'), '1795456800123456789');
  assert.equal(nanosOf('2026-11-23T20:00:00.1+02:00'), '1795456800100000000');
  assert.equal(nanosOf('yesterday'), undefined);
  assert.equal(stampOf('2026-11-23T18:00:00Z'), '2026-11-23T18:00:00.000000000Z');
  assert.equal(sinceNanos('1795456800123456789', 2), '1795456798.123456789');
});

test('`wrongSetting()` names the first value that cannot be used', () => {
  assert.equal(wrongSetting({}), undefined);
  assert.deepEqual(wrongSetting({ composeDir: 'srv' }), { fault: 'badFolder', value: 'srv' });
  assert.deepEqual(wrongSetting({ multiline: '(' }), { fault: 'badPattern', value: '(' });
  assert.deepEqual(wrongSetting({ multilineMs: '5' }), { fault: 'badWait', value: '5' });
});

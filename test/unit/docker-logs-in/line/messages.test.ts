import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimedPattern } from '../../../../lib/io/pattern.ts';
import { logTemplates } from '../../../../nodes/docker-logs-in/line/log-record.ts';
import { type LineOptions, MessageMaker } from '../../../../nodes/docker-logs-in/line/messages.ts';
import type { LogPosition } from '../../../../nodes/docker-logs-in/position.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

const stamp = (number: number): string => `2026-11-23T18:00:00.${String(number).padStart(9, '0')}Z`;
const plain: LineOptions = { multilineStart: undefined, json: false };
const container = {
  id: 'c'.repeat(64),
  name: 'web',
  image: 'nginx:1',
  labels: { 'com.docker.compose.service': 'web' },
};

function newMaker(position: LogPosition = {}, options: LineOptions = plain): MessageMaker {
  return new MessageMaker(logTemplates(container, undefined, 'host-1'), position, options);
}

const messages = (maker: MessageMaker): unknown[] =>
  maker.takeMessages().map(({ payload }) => payload.full_message ?? payload.message);

test('the maker makes the contract’s record of a line', () => {
  const maker = newMaker();
  maker.line(2, '2026-11-23T18:00:00.123456789Z', 3, 'oh no', false);
  assert.deepEqual(maker.takeMessages(), [
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

test('the maker drops empty lines and marks what was cut', () => {
  const maker = newMaker();
  maker.line(1, stamp(1), 0, '', false);
  maker.line(1, stamp(2), 0, 'long', true);
  assert.deepEqual(messages(maker), ['long … (truncated)']);
  assert.deepEqual(maker.position(undefined), { out: [stamp(2), 1], err: undefined, pending: undefined });
});

test('the maker skips on each stream what was handed on, and nothing else', () => {
  const maker = newMaker({ out: [stamp(5), 2], err: [stamp(3), 1] });
  maker.line(1, stamp(4), 0, 'old', false);
  maker.line(1, stamp(5), 0, 'old', false);
  maker.line(1, stamp(5), 1, 'old', false);
  maker.line(2, stamp(3), 0, 'old', false);
  maker.line(2, stamp(4), 0, 'late on stderr', false);
  maker.line(1, stamp(5), 2, 'third of its moment', false);
  maker.line(1, stamp(6), 0, 'new', false);
  assert.deepEqual(messages(maker), ['late on stderr', 'third of its moment', 'new']);
  maker.restart();
  maker.line(1, stamp(6), 0, 'again', false);
  maker.line(1, stamp(7), 0, 'newer', false);
  // After the clock was set back.
  maker.line(1, stamp(1), 0, 'earlier', false);
  assert.deepEqual(messages(maker), ['newer', 'earlier']);
});

test('the maker joins lines that do not fit the pattern of a first line', () => {
  const maker = newMaker({}, { multilineStart: new TimedPattern('^\\S'), json: false });
  maker.line(1, stamp(1), 0, 'Error: x', false);
  maker.line(1, stamp(2), 0, '  at a', false);
  maker.line(2, stamp(2), 0, 'other stream', false);
  maker.line(1, stamp(3), 0, '', false);
  maker.line(1, stamp(4), 0, '  at b', false);
  assert.deepEqual(maker.takeMessages(), []);
  assert.ok(maker.isWaiting);
  assert.equal(maker.position(undefined).pending, stamp(1));
  maker.line(1, stamp(5), 0, 'next', false);
  const [joined] = maker.takeMessages();
  assert.equal(joined?.payload.message, 'Error: x');
  assert.equal(joined?.payload.full_message, 'Error: x\n  at a\n\n  at b');
  assert.deepEqual(maker.position(undefined).out, [stamp(4), 1]);
  maker.flush();
  assert.deepEqual(messages(maker), ['other stream', 'next'].reverse());
  assert.ok(!maker.isWaiting);
});

test('the maker bounds a joined message', () => {
  const maker = newMaker({}, { multilineStart: new TimedPattern('^start'), json: false });
  maker.line(1, stamp(1), 0, 'start', false);
  for (let number = 2; number < 600; number += 1) maker.line(1, stamp(number), 0, 'x'.repeat(1000), false);
  const lengths = maker.takeMessages().map(({ payload }) => String(payload.full_message).length);
  assert.equal(lengths.length, 2);
  assert.ok(lengths.every((length) => length <= 256 * 1024));
});

test('what is read after a break joins as if there had been none', () => {
  const maker = newMaker({}, { multilineStart: new TimedPattern('^\\S'), json: false });
  maker.line(1, stamp(1), 0, 'first', false);
  maker.line(1, stamp(2), 0, 'Error', false);
  maker.line(1, stamp(3), 0, ' at a', false);
  maker.restart();
  maker.line(1, stamp(1), 0, 'first', false);
  maker.line(1, stamp(2), 0, 'Error', false);
  maker.line(1, stamp(3), 0, ' at a', false);
  maker.line(1, stamp(4), 0, ' at b', false);
  maker.flush();
  assert.deepEqual(messages(maker), ['first', 'Error\n at a\n at b']);
});

const BLANKS = [' ', '\t', ' \t  ', '\u00a0', '\u001c\u001d', '\u2028', '\ufeff', '\u3000'];

test('a line of blanks is as an empty one', () => {
  const maker = newMaker();
  for (const [index, blank] of BLANKS.entries()) maker.line(1, stamp(1), index, blank, false);
  maker.line(1, stamp(2), 0, ' x ', false);
  assert.deepEqual(messages(maker), [' x ']);
});

test('a blank line inside a joined message belongs to it, and begins none', () => {
  for (const pattern of ['^\\S', '^', '^\\s']) {
    const maker = newMaker({}, { multilineStart: new TimedPattern(pattern), json: false });
    for (const [index, blank] of BLANKS.entries()) maker.line(1, stamp(1), index, blank, false);
    maker.line(1, stamp(2), 0, 'Error', false);
    maker.line(1, stamp(3), 0, '  ', false);
    maker.flush();
    assert.deepEqual(messages(maker), ['Error\n  '], pattern);
  }
});

test('blank lines that pass the bound of a joined message make none of their own', () => {
  const maker = newMaker({}, { multilineStart: new TimedPattern('^start'), json: false });
  maker.line(1, stamp(1), 0, 'start', false);
  for (let number = 2; number < 600; number += 1) maker.line(1, stamp(number), 0, ' '.repeat(1000), false);
  maker.flush();
  assert.ok(maker.takeMessages().every(({ payload }) => payload.message === 'start'));
});

test('a line that the pattern is too slow for counts as not fitting, and that is told once', () => {
  const maker = newMaker({}, { multilineStart: new TimedPattern('^(\\w+\\s?)+:'), json: false });
  maker.line(1, stamp(1), 0, 'name: text', false);
  maker.line(1, stamp(2), 0, `${'a'.repeat(48)}!`, false);
  maker.line(1, stamp(3), 0, 'next: text', false);
  const tookMs = cpuMsOf(() => assert.deepEqual(messages(maker), [`name: text\n${'a'.repeat(48)}!`]));
  assert.ok(tookMs < 250, `${tookMs} ms`);
  assert.ok(maker.takeSlowness());
  assert.ok(!maker.takeSlowness());
});

test('the pattern is asked once for all lines of a read', () => {
  const asked: number[] = [];
  const pattern = {
    testAll: (texts: readonly string[]) => {
      asked.push(texts.length);
      return texts.map(() => true);
    },
  };
  const maker = newMaker({}, { multilineStart: pattern, json: false });
  for (let index = 0; index < 100; index += 1) maker.line(1, stamp(1), index, 'x', false);
  maker.takeMessages();
  maker.flush();
  assert.deepEqual(asked, [100]);
});

test('after a rename all that is made has the new name, what waits too', () => {
  const maker = newMaker({}, { multilineStart: new TimedPattern('^\\S'), json: false });
  maker.line(1, stamp(1), 0, 'first', false);
  maker.line(2, stamp(1), 0, 'waits', false);
  maker.rename('shop');
  maker.line(1, stamp(2), 0, 'second', false);
  maker.flush();
  assert.deepEqual(
    maker.takeMessages().map(({ topic, payload }) => [topic, payload.container_name]),
    [1, 2, 3].map(() => ['docker/log/shop', 'shop']),
  );
});

test('blank lines are counted, whatever makes them blank', () => {
  let count = 0;
  const blanks = { add: () => (count += 1) } as unknown as LineOptions['blanks'];
  const maker = newMaker({}, { ...plain, json: true, blanks });
  for (const [index, text] of ['', '  ', '\u0000', '{"msg":" "}', 'x', '{"msg":"x"}'].entries())
    maker.line(1, stamp(1), index, text, false);
  const joined = newMaker({}, { multilineStart: new TimedPattern('^\\S'), json: false, blanks });
  joined.line(1, stamp(1), 0, ' ', false);
  joined.flush();
  assert.deepEqual([maker.takeMessages().length, count], [2, 5]);
});

test('the lines of a stream that nobody wants are no messages, and do not come again', () => {
  const maker = newMaker({}, { ...plain, streams: 'stderr' });
  maker.line(1, stamp(1), 0, 'out', false);
  maker.line(2, stamp(2), 0, 'err', false);
  assert.deepEqual(messages(maker), ['err']);
  assert.deepEqual(maker.position(undefined).out, [stamp(1), 1]);
  const other = newMaker({}, { ...plain, streams: 'stdout' });
  other.line(1, stamp(1), 0, 'out', false);
  other.line(2, stamp(2), 0, 'err', false);
  assert.deepEqual(messages(other), ['out']);
});

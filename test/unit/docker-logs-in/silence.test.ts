import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastMessage, silenceOf } from '../../../nodes/docker-logs-in/silence.ts';
import { frameOf, lineOf, stampAt } from '../../support/docker-lines.ts';

test('`lastMessage()` gives stream and stamp of the last message, of a terminal and of Podman too', () => {
  const err = frameOf(2, `${stampAt(2)} b\n`);
  assert.deepEqual(lastMessage(Buffer.concat([lineOf(1, 'a'), err])), { stream: 2, stamp: stampAt(2) });
  assert.deepEqual(lastMessage(Buffer.from(`${stampAt(3)} a\r\n`)), { stream: 1, stamp: stampAt(3) });
  const podman = frameOf(1, '2026-11-23T19:00:00+01:00 a\n');
  assert.deepEqual(lastMessage(podman), { stream: 1, stamp: '2026-11-23T18:00:00.000000000Z' });
  assert.equal(lastMessage(Buffer.alloc(0)), undefined);
  assert.equal(lastMessage(Buffer.from('\n')), undefined);
});

test('`silenceOf()` tells a stream that owes a line from one of a container that is quiet', () => {
  const position = { out: [stampAt(5), 1] as const, err: [stampAt(3), 1] as const };
  const last = (stream: 1 | 2, number: number) => ({ stream, stamp: stampAt(number) });
  assert.equal(silenceOf(last(1, 5), position, stampAt(0)), 'quiet');
  assert.equal(silenceOf(last(2, 3), position, stampAt(0)), 'quiet', 'the streams are stamped apart');
  assert.equal(silenceOf(last(1, 6), position, stampAt(0)), 'behind');
  assert.equal(silenceOf(last(2, 4), position, stampAt(0)), 'behind');
  assert.equal(silenceOf(last(1, 4), position, stampAt(0)), 'setBack');
  assert.equal(
    silenceOf(last(1, 7), { ...position, pending: stampAt(7) }, stampAt(0)),
    'quiet',
    'a line without its end',
  );
  assert.equal(silenceOf(undefined, position, stampAt(0)), 'unknown');
});

test('`silenceOf()` of a stream of which nothing was wanted yet goes by when that began', () => {
  assert.equal(silenceOf({ stream: 1, stamp: stampAt(3) }, {}, stampAt(4)), 'quiet');
  assert.equal(silenceOf({ stream: 1, stamp: stampAt(5) }, {}, stampAt(4)), 'behind');
});

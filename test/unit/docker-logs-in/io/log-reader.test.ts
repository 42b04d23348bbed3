import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TimedPattern } from '../../../../lib/io/pattern.ts';
import { LogReader } from '../../../../nodes/docker-logs-in/io/log-reader.ts';
import { logTemplates } from '../../../../nodes/docker-logs-in/line/log-record.ts';
import { type LineOptions, MessageMaker } from '../../../../nodes/docker-logs-in/line/messages.ts';
import { frameOf, lineOf, stampAt } from '../../../support/docker-lines.ts';

const container = { id: 'x', name: 'web', image: 'nginx', labels: {} };

/** A reader, the messages of each call of `read`, and the stamps that were unfinished then. */
function newReader(pattern?: string) {
  const multilineStart = pattern === undefined ? undefined : new TimedPattern(pattern);
  const options: LineOptions = { multilineStart, json: false };
  const maker = new MessageMaker(logTemplates(container, undefined, 'h'), {}, options);
  const reads: string[][] = [];
  const unfinished: (string | undefined)[] = [];
  const reader = new LogReader({
    maker,
    position: {},
    floor: '',
    multilineMs: 500,
    read: (stamp) => {
      unfinished.push(stamp);
      reads.push(maker.takeMessages().map(({ payload }) => payload.full_message ?? payload.message));
    },
  });
  return { reader, reads, unfinished };
}

test('what comes in one turn of the event loop is read together', async () => {
  const { reader, reads, unfinished } = newReader();
  const body = new PassThrough();
  const followed = reader.follow(body);
  body.write(lineOf(1, 'a'));
  body.write(lineOf(2, 'b'));
  await nextTurn();
  body.write(frameOf(1, `${stampAt(3)} no end`));
  await nextTurn();
  body.end();
  await followed;
  assert.deepEqual(reads[0], ['a', 'b']);
  assert.deepEqual(reads.flat(), ['a', 'b']);
  assert.equal(unfinished.at(-1), stampAt(3));
  reader.finish();
  assert.deepEqual(reads.at(-1), ['no end']);
});

test('a body that breaks off, is no log, or broke off before, is a rejection', async () => {
  const broken = new PassThrough();
  const followed = newReader().reader.follow(broken);
  broken.destroy();
  await assert.rejects(followed, { code: 'LOG_STREAM_BROKEN' });
  await assert.rejects(newReader().reader.follow(broken), { code: 'LOG_STREAM_BROKEN' });
  const garbage = new PassThrough();
  const refused = newReader().reader.follow(garbage);
  garbage.write(Buffer.from('\u0001 no frame at all'));
  await assert.rejects(refused, { code: 'LOG_FRAME_MALFORMED' });
  assert.ok(garbage.destroyed);
});

test('a reader that is finished completes the message that waits', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { reader, reads } = newReader('^\\S');
  reader.feed(Buffer.concat([lineOf(1, 'Error'), lineOf(2, '  at a')]));
  assert.deepEqual(reads, []);
  reader.finish();
  assert.deepEqual(reads, [['Error\n  at a']]);
});

test('a message is complete when no line follows in time, and a closed reader waits no more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const waiting = newReader('^\\S');
  const closed = newReader('^\\S');
  const bodies = [waiting, closed].map(({ reader }) => {
    const body = new PassThrough();
    reader.follow(body).catch(() => undefined);
    body.write(lineOf(1, 'Error'));
    return body;
  });
  await nextTurn();
  await nextTurn();
  closed.reader.close();
  t.mock.timers.tick(500);
  assert.deepEqual(waiting.reads.flat(), ['Error']);
  assert.deepEqual(closed.reads.flat(), []);
  for (const body of bodies) body.destroy();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { Handover } from '../../../nodes/graylog-out/handover.ts';

type Settled = (error?: Error, document?: string) => void;

function setUp(isWatched: boolean, take?: (document: string, done: Settled) => void) {
  const taken: { document: string; done: Settled }[] = [];
  const lost: { error: Error; record: object }[] = [];
  const ship = (document: string, _id: unknown, _port: number | undefined, done: Settled): void => {
    taken.push({ document, done });
    take?.(document, done);
  };
  const handover = new Handover(
    { ship },
    () => isWatched,
    (error, record) => lost.push({ error, record }),
  );
  return { handover, taken, lost };
}

test('where somebody watches, a msg is done with when the server says so', () => {
  const { handover, taken } = setUp(true);
  const heard: unknown[] = [];
  handover.ship('{}', 'a', undefined, (error) => heard.push(error));
  assert.deepEqual(heard, []);
  taken[0]?.done();
  assert.deepEqual(heard, [undefined]);
});

test('where nobody watches, a msg is done with once the server has taken its document', () => {
  const { handover, taken } = setUp(false);
  const heard: unknown[] = [];
  handover.ship('{}', 'a', undefined, (error) => heard.push(error));
  assert.deepEqual(heard, [undefined]);
  taken[0]?.done(undefined, '{}');
  assert.equal(heard.length, 1);
});

test('a document that the server refuses at once fails its own msg', () => {
  const refusal = new Error('full');
  const { handover, lost } = setUp(false, (document, done) => done(refusal, document));
  const heard: unknown[] = [];
  handover.ship('{"n":1}', 'a', undefined, (error) => heard.push(error));
  assert.deepEqual(heard, [refusal]);
  assert.deepEqual(lost, []);
});

test('a document that is dropped later is told with the record that it was', () => {
  const { handover, taken, lost } = setUp(false);
  const document =
    '{"version":"1.1","host":"h","short_message":"text","timestamp":1790000000.5,"level":6,"_log_type":"auth"}';
  handover.ship(document, 'a', undefined, () => undefined);
  const error = new Error('full');
  taken[0]?.done(error, document);
  const record = { host: 'h', message: 'text', time: '2026-09-21T14:13:20.500Z', level: 6, log_type: 'auth' };
  assert.deepEqual(lost, [{ error, record }]);
});

test('what the server drops to make room for a msg is not taken for that msg', () => {
  const error = new Error('full');
  let earlier: Settled | undefined;
  const { handover, lost } = setUp(false, (_document, done) => {
    earlier?.(error, '{"short_message":"old"}');
    earlier = done;
  });
  const heard: unknown[] = [];
  handover.ship('{"short_message":"old"}', 'a', undefined, (fault) => heard.push(fault));
  handover.ship('{"short_message":"new"}', 'b', undefined, (fault) => heard.push(fault));
  assert.deepEqual(heard, [undefined, undefined]);
  assert.deepEqual(lost, [{ error, record: { message: 'old' } }]);
});

test('a server that throws fails its msg and leaves nothing behind for the next', () => {
  const { handover, lost } = setUp(false, () => {
    throw new Error('broken');
  });
  assert.throws(() => handover.ship('{}', 'a', undefined, () => undefined), /broken/);
  assert.throws(() => handover.ship('{}', 'b', undefined, () => undefined), /broken/);
  assert.deepEqual(lost, []);
});

test('what a full buffer drops is told with its count by the server, and of each only to whoever watches', () => {
  const full = new MonitoringError('BUFFER_FULL');
  const { handover, taken, lost } = setUp(false, (document, done) => done(full, document));
  const heard: unknown[] = [];
  handover.ship('{"n":1}', 'a', undefined, (error) => heard.push(error));
  taken[0]?.done(full, '{"n":0}');
  assert.deepEqual([heard, lost], [[undefined], []]);
  const watched = setUp(true, (document, done) => done(full, document));
  watched.handover.ship('{"n":1}', 'a', undefined, (error) => heard.push(error));
  assert.deepEqual(heard, [undefined, full]);
});

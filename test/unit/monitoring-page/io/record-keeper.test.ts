import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { RingInput, ringOn } from '../../../../lib/ring.ts';
import { RecordKeeper } from '../../../../plugins/monitoring-page/io/record-keeper.ts';

test('there is no ring where nobody keeps one', () => {
  const bus = new EventEmitter();
  assert.equal(ringOn(bus), undefined);
  assert.equal(new RingInput(bus, 'out').keep, undefined);
  bus.emit('infra-monitoring:ring', { ring: { records: 7 } });
  bus.emit('infra-monitoring:ring', null);
});

test('whoever ships before or after the ring is there puts into it, until it is closed', () => {
  const bus = new EventEmitter();
  const before = new RingInput(bus, 'before');
  const keeper = new RecordKeeper(bus);
  const after = new RingInput(bus, 'after');
  before.keep?.('{"short_message":"one"}', 'auth', undefined, undefined);
  after.keep?.('{"short_message":"two"}', 'auth', undefined, undefined);
  const ring = ringOn(bus);
  assert.deepEqual(
    [...(ring?.records() ?? [])].map(({ record, node }) => [node, record.message]),
    [
      ['before', 'one'],
      ['after', 'two'],
    ],
  );
  after.close();
  assert.equal(after.keep, undefined);
  keeper.close();
  assert.equal(before.keep, undefined);
  assert.equal(ringOn(bus), undefined);
  before.close();
  assert.deepEqual(bus.eventNames(), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventId } from '../../../lib/docker/events.ts';
import { EventDeduplicator } from '../../../nodes/docker-events-in/event-position.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';
import { eventOf, nanosAt } from '../../support/docker-events.ts';

test('an event is accepted once, and reading starts again before the newest', () => {
  const events = new EventDeduplicator({ nanos: nanosAt(10), first: nanosAt(0), ids: ['container-start-x-1'] });
  const timed = (nanos: string, action = 'start') => ({ event: eventOf(action), nanos });
  assert.ok(events.accept(timed(nanosAt(11))));
  assert.ok(!events.accept(timed(nanosAt(11))));
  assert.ok(events.accept(timed(nanosAt(10, 5))), 'an event that comes after a later one is taken');
  assert.equal(events.since(), `${1795456809}.000000000`);
  const position = events.positionAfter(1);
  assert.equal(position.nanos, nanosAt(11));
  assert.deepEqual(position.ids, ['container-start-x-1', eventId(timed(nanosAt(11)))]);
  const again = new EventDeduplicator(position);
  assert.ok(!again.accept(timed(nanosAt(11))));
  assert.ok(again.accept(timed(nanosAt(10, 5))));
});

test('nothing from before the first start is read, and old events are forgotten', () => {
  const events = new EventDeduplicator({ nanos: nanosAt(0), first: nanosAt(0), ids: [] });
  assert.equal(events.since(), '1795456800.000000000');
  for (let second = 0; second < 5_000; second += 1) events.accept({ event: eventOf('start'), nanos: nanosAt(second) });
  assert.ok(events.positionAfter(events.count).ids.length <= 4);
  assert.equal(events.positionAfter(events.count).nanos, nanosAt(4_999));
});

test('16,000 events within two seconds cost the same each', () => {
  const events = new EventDeduplicator({ nanos: nanosAt(0), first: nanosAt(0), ids: [] });
  const storm = Array.from({ length: 16_000 }, (_, number) => ({
    event: eventOf('start'),
    nanos: nanosAt(1, number * 60_000),
  }));
  const tookMs = cpuMsOf(() => {
    for (const timed of storm) assert.ok(events.accept(timed));
  });
  // Where each costs as much as all before it, they take most of a minute.
  assert.ok(tookMs < 1_000, `${tookMs} ms`);
  assert.ok(storm.every((timed) => !events.accept(timed)));
});

test('after a storm is past its ids are forgotten, and the position is as if all were kept', () => {
  const events = new EventDeduplicator({ nanos: nanosAt(0), first: nanosAt(0), ids: [] });
  for (let number = 0; number < 10_000; number += 1)
    events.accept({ event: eventOf('start'), nanos: nanosAt(1, number) });
  // Its neighbour in the list is earlier: events of one moment come in any order.
  events.accept({ event: eventOf('stop'), nanos: nanosAt(9) });
  events.accept({ event: eventOf('stop'), nanos: nanosAt(8) });
  for (let second = 10; second < 5_000; second += 1) events.accept({ event: eventOf('die'), nanos: nanosAt(second) });
  assert.ok(events.accept({ event: eventOf('start'), nanos: nanosAt(1, 5) }), 'it is forgotten');
  assert.equal(events.positionAfter(events.count).nanos, nanosAt(4_999));
});

test('after the clock was set back events are forgotten as ever', () => {
  const events = new EventDeduplicator({ nanos: nanosAt(0), first: nanosAt(0), ids: [] });
  events.accept({ event: eventOf('start'), nanos: nanosAt(100_000) });
  for (let second = 0; second < 5_000; second += 1) events.accept({ event: eventOf('die'), nanos: nanosAt(second) });
  assert.ok(events.accept({ event: eventOf('die'), nanos: nanosAt(5) }), 'it is forgotten');
});

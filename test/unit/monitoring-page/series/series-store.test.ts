import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, MINUTES, SeriesStore } from '../../../../plugins/monitoring-page/series/series-store.ts';
import { decodeSlot, encodeSlot } from '../../../../plugins/monitoring-page/series/slot.ts';
import { MOST_SERIES, StepTable } from '../../../../plugins/monitoring-page/series/step-table.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 3, 0);

/** A store whose clocks the test sets: the monotonic one and the difference of the host's to it. */
function storeAt(wallMs = NOW_MS) {
  const clock = { monotonicMs: 1_000_000, wallMs };
  const store = new SeriesStore();
  const pass = (ms: number): void => {
    clock.monotonicMs += ms;
    clock.wallMs += ms;
  };
  const add = (value: number, name = 'cpu'): void => {
    store.hear(clock.monotonicMs, clock.wallMs);
    store.add(name, clock.monotonicMs, value);
  };
  return { clock, store, pass, add };
}

function counts(store: SeriesStore, minutes: number, nowMs: number, name = 'cpu'): number[] {
  return store.range(name, 'minute', minutes, nowMs).map((step) => step?.count ?? 0);
}

test('a step keeps sum, count, least and greatest value, by the minute and by the hour', () => {
  const { clock, store, pass, add } = storeAt();
  for (const value of [10, 100, 1]) add(value);
  pass(MINUTE_MS);
  add(5);
  assert.deepEqual(store.range('cpu', 'minute', 2, clock.wallMs), [
    { sum: 111, count: 3, min: 1, max: 100 },
    { sum: 5, count: 1, min: 5, max: 5 },
  ]);
  assert.deepEqual(store.range('cpu', 'hour', 1, clock.wallMs), [{ sum: 116, count: 4, min: 1, max: 100 }]);
});

test('ten minutes without a value are a hole, and so is what was a day ago', () => {
  const { clock, store, pass, add } = storeAt();
  add(1);
  pass(11 * MINUTE_MS);
  add(2);
  assert.deepEqual(counts(store, 12, clock.wallMs), [1, ...Array(10).fill(0), 1]);
  pass(MINUTES * MINUTE_MS);
  add(3);
  assert.equal(counts(store, MINUTES, clock.wallMs).filter((count) => count > 0).length, 1);
});

test('what is measured before the clock is set is held, and stamped when it is', () => {
  const { clock, store, pass, add } = storeAt(5_000);
  add(1);
  pass(MINUTE_MS);
  add(2);
  assert.equal(store.isWaiting, true);
  assert.equal(store.takeDirty().steps.length, 0);
  clock.wallMs = NOW_MS;
  add(3);
  assert.equal(store.isWaiting, false);
  assert.equal(
    counts(store, 3, clock.wallMs).reduce((sum, count) => sum + count, 0),
    3,
  );
  assert.ok(counts(store, 3, clock.wallMs)[1] !== 0, 'the first value is a minute ago');
});

test('a clock that is set back an hour puts its values into the steps that are there', () => {
  const { clock, store, pass, add } = storeAt();
  for (let minute = 0; minute < 60; minute += 1) {
    add(1);
    pass(MINUTE_MS);
  }
  clock.wallMs -= HOUR_MS;
  for (let minute = 0; minute < 60; minute += 1) {
    add(1);
    pass(MINUTE_MS);
  }
  assert.equal(store.isWaiting, false);
  assert.deepEqual(new Set(counts(store, 60, clock.wallMs - MINUTE_MS)), new Set([2]));
});

test('values of a future that never was are let go after ten minutes, and time goes on', () => {
  const { clock, store, pass, add } = storeAt(NOW_MS + 400 * 24 * HOUR_MS);
  add(1);
  clock.wallMs = NOW_MS;
  add(2);
  assert.equal(store.isWaiting, true);
  for (let minute = 0; minute < 11; minute += 1) {
    pass(MINUTE_MS);
    add(3);
  }
  assert.equal(store.isWaiting, false);
  assert.equal(store.storedUntilMs, Math.floor(clock.wallMs / MINUTE_MS) * MINUTE_MS);
  assert.deepEqual(counts(store, 12, clock.wallMs).slice(1), Array(11).fill(1));
});

test('names without end leave the last ones, and what a place held is not the next one’s', () => {
  const { clock, store, pass, add } = storeAt();
  for (let index = 0; index < 500; index += 1) {
    add(index, `disk ${index}`);
    pass(MINUTE_MS);
  }
  assert.equal(store.names.length, MOST_SERIES);
  const all = store.range('disk 499', 'minute', MINUTES, clock.wallMs).filter((step) => step !== undefined);
  assert.deepEqual(all, [{ sum: 499, count: 1, min: 499, max: 499 }]);
  assert.ok(store.range('disk 3', 'minute', MINUTES, clock.wallMs).every((step) => step === undefined));
});

test('whatever is measured whenever, each value is in one minute and one hour or nowhere, and the mean is between the ends', () => {
  const event = fc.record({ passMs: fc.integer({ min: 0, max: 20 * MINUTE_MS }), value: fc.float({ noNaN: true }) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { clock, store, pass, add } = storeAt();
      for (const { passMs, value } of events) {
        pass(passMs);
        add(value);
      }
      const finite = events.filter(({ value }) => Number.isFinite(value)).length;
      for (const [unit, steps] of [
        ['minute', MINUTES],
        ['hour', 720],
      ] as const) {
        const found = store.range('cpu', unit, steps, clock.wallMs).filter((step) => step !== undefined);
        assert.equal(
          found.reduce((sum, { count }) => sum + count, 0),
          finite,
        );
        for (const { sum, count, min, max } of found) {
          const mean = sum / count;
          const slack = Math.max(Math.abs(min), Math.abs(max)) * 1e-6;
          assert.ok(mean >= min - slack && mean <= max + slack, `${min} ${mean} ${max}`);
        }
      }
    }),
  );
});

test('a slot is read as it was written, and no other bytes are one', () => {
  const { clock, store, add } = storeAt();
  for (const value of [1, 2.5, -7]) add(value);
  const step = Math.floor(clock.wallMs / MINUTE_MS);
  const slot = encodeSlot(store.tables.minute, step, crc32);
  assert.deepEqual(decodeSlot(slot, crc32), { step, cells: [[0, { sum: -3.5, count: 3, min: -7, max: 2.5 }]] });
  assert.equal(decodeSlot(Buffer.alloc(slot.length), crc32), undefined);
  fc.assert(
    fc.property(fc.nat({ max: slot.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const torn = Buffer.from(slot);
      torn[at] = (torn[at] as number) ^ bits;
      assert.equal(decodeSlot(torn, crc32), undefined);
    }),
  );
});

test('the youngest step is known at once, also where steps go in a circle and are forgotten', (t) => {
  const table = new StepTable(4);
  const cell = { sum: 1, count: 1, min: 1, max: 1 };
  const newestAfter = (step: number): number => {
    table.add(0, step, cell);
    return table.newest;
  };
  assert.equal(table.newest, -1);
  assert.deepEqual([5, 3, 6, 9, 1, 12].map(newestAfter), [5, 5, 6, 9, 9, 12]);
  table.forgetAfter(8);
  assert.equal(table.newest, 6);
  table.forgetAfter(0);
  assert.equal(table.newest, -1);
  const { prototype } = Object.getPrototypeOf(Float64Array) as { prototype: Float64Array };
  const reduce = t.mock.method(prototype, 'reduce');
  const { store, add, pass } = storeAt();
  for (let second = 0; second < 60; second += 1) {
    pass(1_000);
    add(second);
  }
  assert.ok(store.storedUntilMs > 0);
  assert.equal(reduce.mock.callCount(), 0);
});

test('a series takes memory when it is first measured, and gives it back when it is forgotten', () => {
  const before = process.memoryUsage().arrayBuffers;
  const table = new StepTable(MINUTES);
  const one = { sum: 1, count: 1, min: 1, max: 1 };
  for (let step = 1; step < 4_000; step += 1) table.add(3, step, one);
  // A tenth of a table of all series.
  assert.ok(process.memoryUsage().arrayBuffers - before < 369_000);
  assert.equal(table.at(4, 3_999), undefined);
  table.forget(3);
  assert.equal(table.at(3, 3_999), undefined);
  table.add(3, 3_999, one);
  assert.deepEqual(table.at(3, 3_999), one);
  assert.equal(table.at(3, 3_998), undefined);
});

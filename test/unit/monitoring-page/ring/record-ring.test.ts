import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_BYTES, MOST_MS, RecordRing } from '../../../../plugins/monitoring-page/ring/record-ring.ts';

const START_MS = Date.UTC(2026, 10, 26, 5);

/** A ring with a clock that the test sets. */
function ringAt(mostBytes?: number): { ring: RecordRing; clock: { ms: number } } {
  const clock = { ms: START_MS };
  return { ring: new RecordRing(() => clock.ms, mostBytes), clock };
}

function document(message: string, more: object = {}): string {
  return JSON.stringify({ version: '1.1', short_message: message, timestamp: START_MS / 1000, ...more });
}

function messages(ring: RecordRing, most?: number): unknown[] {
  return [...ring.records(most)].map(({ record }) => record.message);
}

test('the ring gives the records as they were shipped, with their node, the oldest first', () => {
  const { ring, clock } = ringAt();
  ring.keeperFor('out')(document('one', { _source_port: 22 }), 'auth', undefined, undefined);
  clock.ms += 5;
  ring.keeperFor('other')(document('two, née Δ'), 'docker_log', 'stdout', 'web');
  const [first, second] = [...ring.records()];
  assert.deepEqual(first, {
    record: { message: 'one', time: '2026-11-26T05:00:00.000Z', source_port: 22 },
    node: 'out',
    shippedMs: START_MS,
  });
  assert.equal(second?.record.message, 'two, née Δ');
  assert.equal(second?.node, 'other');
  assert.equal(second?.shippedMs, START_MS + 5);
  assert.equal(ring.size, 2);
  assert.deepEqual(messages(ring, 1), ['two, née Δ']);
});

test('the ring holds 10 MB at most, whatever comes', () => {
  const { ring } = ringAt();
  const keep = ring.keeperFor('out');
  for (let index = 0; index < 40_000; index += 1) {
    keep(document(`${index} ${'ä'.repeat(index % 400)}`), 'docker_log', 'stdout', `c${index % 700}`);
    assert.ok(ring.bytes <= MOST_BYTES, `${ring.bytes} after ${index}`);
  }
  assert.ok(ring.size > 10_000);
});

test('a chatty container pushes out its own lines and nobody else’s', () => {
  const { ring, clock } = ringAt(500_000);
  const keep = ring.keeperFor('out');
  keep(document('disk'), 'disk', undefined, undefined);
  keep(document('quiet'), 'docker_log', 'stdout', 'quiet');
  keep(document('its error'), 'docker_log', 'stderr', 'chatty');
  for (let index = 0; index < 20_000; index += 1) {
    clock.ms += 1;
    keep(document(`line ${index}`), 'docker_log', 'stdout', 'chatty');
  }
  const kept = messages(ring);
  for (const message of ['disk', 'quiet', 'its error', 'line 19999']) assert.ok(kept.includes(message), message);
  assert.ok(!kept.includes('line 0'));
  const lines = kept.slice(3).map((message) => Number(String(message).slice(5)));
  assert.deepEqual(
    lines,
    lines.map((_, at) => (lines[0] ?? 0) + at),
    'the last lines without a gap',
  );
});

test('the ring lets go what is older than an hour, and says since when it keeps', () => {
  const { ring, clock } = ringAt();
  const keep = ring.keeperFor('out');
  keep(document('old'), 'auth', undefined, undefined);
  clock.ms += MOST_MS / 2;
  assert.equal(ring.sinceMs, START_MS);
  keep(document('young'), 'auth', undefined, undefined);
  keep(document('disk'), 'disk', undefined, undefined);
  clock.ms += MOST_MS / 2 + 1;
  assert.deepEqual(messages(ring), ['young', 'disk']);
  assert.equal(ring.sinceMs, START_MS + 1);
  clock.ms += MOST_MS;
  ring.expire();
  assert.deepEqual(messages(ring), []);
  assert.equal(ring.bytes, 0);
});

test('a record that came twice is given once', () => {
  const { ring } = ringAt();
  for (const node of ['a', 'b'])
    ring.keeperFor(node)(document('same', { _event_id: 'e1' }), 'auth', undefined, undefined);
  ring.keeperFor('a')(document('same'), 'auth', undefined, undefined);
  ring.keeperFor('a')(document('same'), 'auth', undefined, undefined);
  assert.deepEqual(messages(ring), ['same', 'same', 'same']);
});

test('names of containers without end share what is beyond the bound, and a strange name is one like any other', () => {
  const { ring } = ringAt();
  const keep = ring.keeperFor('out');
  for (let index = 0; index < 5_000; index += 1) keep(document(`${index}`), 'docker_log', 'stdout', `c${index}`);
  for (const odd of ['__proto__', 'constructor', '', {}, null, 7, Number.NaN]) keep(document('odd'), odd, odd, odd);
  assert.equal(ring.size, 5_007);
  assert.ok(ring.bytes < 4_000_000);
});

test('a document that is larger than a piece is kept, one that would push out a good part of the others is not', () => {
  const { ring } = ringAt();
  const keep = ring.keeperFor('out');
  keep(document('x'.repeat(100_000)), 'docker_log', 'stdout', 'c');
  keep(document('Δ'.repeat(6_000)), 'docker_log', 'stdout', 'c');
  keep(document('y'.repeat(2_000_000)), 'docker_log', 'stdout', 'c');
  keep(document('small'), 'docker_log', 'stdout', 'c');
  assert.deepEqual(
    messages(ring).map((message) => String(message).length),
    [100_000, 6_000, 5],
  );
});

test('many documents are kept at once as one by one, over slabs, without those that are too large', () => {
  const texts = Array.from({ length: 100 }, (_, n) => document(`née ${n} ${'x'.repeat(n === 50 ? 200_000 : 300)}`));
  const { ring } = ringAt(1_000_000);
  const bytes = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const lengths = texts.map((text) => Buffer.byteLength(text));
  ring.keeperFor('out')(bytes, 'auth', undefined, undefined, lengths);
  const single = ringAt(1_000_000).ring;
  for (const text of texts) single.keeperFor('out')(text, 'auth', undefined, undefined);
  assert.equal(ring.size, 99);
  assert.equal(ring.lastNumber, 100);
  assert.deepEqual(ring.newest({ most: 200 }), single.newest({ most: 200 }));
});

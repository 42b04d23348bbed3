import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { FramePool, frameOf } from '../../../../../nodes/graylog-server/io/ship/frame-pool.ts';

const text = fc
  .tuple(fc.constantFrom('a', 'grün ', '日本', '\u{1f600}'), fc.integer({ min: 0, max: 40_000 }))
  .map(([unit, length]) => unit.repeat(length / unit.length));
const batch = fc.array(text, { minLength: 1, maxLength: 4 });

test('each message of a frame is followed by a NUL', () => {
  assert.equal(String(frameOf(['one', 'zwölf'])), 'one\0zwölf\0');
});

test('frames from memory that is used again are what they would be without, as long as they are held', () => {
  let reused = 0;
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
      const pool = new FramePool();
      const held = batches.map((texts) => ({ texts, frame: pool.frameOf(texts) }));
      const [first] = held;
      if (first === undefined) return;
      for (const { texts, frame } of held) assert.ok(frame.equals(frameOf(texts)));
      pool.recycle(first.frame);
      held.shift();
      const next = pool.frameOf(first.texts);
      if (next.buffer === first.frame.buffer && next.length > 32_768) reused += 1;
      assert.ok(next.equals(frameOf(first.texts)));
      for (const { texts, frame } of held) assert.ok(frame.equals(frameOf(texts)), 'the others are as they were');
    }),
    { numRuns: 200 },
  );
  assert.ok(reused > 5, `${reused} used again`);
});

test('a small frame has no more memory than it needs, and is not kept', () => {
  const pool = new FramePool();
  const frame = pool.frameOf(['small']);
  pool.recycle(frame);
  assert.notEqual(pool.frameOf(['x'.repeat(50_000)]).buffer, frame.buffer);
});

test('as many frames as were on their way are used again, and what nobody needs any more goes', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const pool = new FramePool();
    const onTheWay = (count: number): Set<ArrayBufferLike> => {
      const frames = Array.from({ length: count }, () => pool.take());
      for (const frame of frames) pool.recycle(frame);
      return new Set(frames.map(({ buffer }) => buffer));
    };
    const known = onTheWay(300);
    const reusedOf = (count: number): number => [...onTheWay(count)].filter((one) => known.has(one)).length;
    assert.equal(reusedOf(300), 300);
    mock.timers.tick(10_000);
    assert.equal(reusedOf(100), 100);
    mock.timers.tick(10_000);
    assert.equal(reusedOf(300), 100, 'only what was needed is still there');
    for (let n = 0; n < 3; n += 1) mock.timers.tick(10_000);
    assert.equal(reusedOf(100), 8, 'a quiet system keeps a few');
  } finally {
    mock.timers.reset();
  }
});

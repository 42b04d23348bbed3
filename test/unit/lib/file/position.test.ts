import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Position, parsePosition } from '../../../../lib/file/position.ts';

/** When the tests' states are read, in ms since the epoch. */
const NOW_MS = Date.parse('2026-11-24T00:00:00Z');

const identity = fc.record({
  inode: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  head: fc.record({ length: fc.integer({ min: 0, max: 1024 }), crc: fc.integer({ min: 0, max: 0xffff_ffff }) }),
});
const filePosition = fc
  .tuple(
    identity,
    fc.record({ device: fc.nat().map(String), position: fc.maxSafeNat(), modifiedMs: fc.nat({ max: NOW_MS }) }),
  )
  .chain(([known, rest]) =>
    fc
      .record(
        {
          lastLines: fc.array(fc.stringMatching(/^[0-9a-f]{16}$/), { maxLength: 4 }),
          target: fc.constantFrom('/var/log/pods/0.log'),
        },
        { requiredKeys: [] },
      )
      .map((more) => ({ ...known, ...rest, ...more })),
  );
const position: fc.Arbitrary<Position> = fc.record({
  path: fc.string().filter((path) => !path.includes('\0')),
  files: fc.array(filePosition, { maxLength: 3 }),
  done: fc.array(identity, { maxLength: 3 }),
});

const SAVED = {
  path: '/var/log/auth.log',
  files: [{ device: '1', inode: '2', head: { length: 3, crc: 4 }, position: 5, modifiedMs: 6 }],
  done: [{ inode: '7', head: { length: 8, crc: 9 } }],
};

test('parsePosition() gives back every position that was written as JSON', () => {
  fc.assert(
    fc.property(position, (one) => {
      const saved: unknown = JSON.parse(JSON.stringify(one));
      assert.deepEqual(parsePosition(saved, NOW_MS), saved);
    }),
  );
});

test('parsePosition() never throws, whatever JSON is in the file', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void parsePosition(value, NOW_MS)));
});

test('parsePosition() refuses a position with any value of another type, or without it', () => {
  const refuse = (change: (saved: typeof SAVED) => void): void => {
    const saved = structuredClone(SAVED);
    change(saved);
    assert.equal(parsePosition(saved, NOW_MS), undefined, JSON.stringify(saved));
  };
  const refuseWith = (path: string[], value: unknown): void =>
    refuse((saved) => {
      const owner = path.slice(0, -1).reduce<object>((object, key) => Reflect.get(object, key), saved);
      Reflect.set(owner, String(path.at(-1)), value);
    });
  assert.deepEqual(parsePosition(SAVED, NOW_MS), SAVED);
  for (const bad of [undefined, null, {}, -1.5, []]) {
    for (const path of ['path', 'files.0', 'done.0', 'files.0.device', 'files.0.inode', 'files.0.head']) {
      refuseWith(path.split('.'), bad);
    }
    for (const path of ['files.0.head.length', 'files.0.head.crc', 'files.0.position', 'files.0.modifiedMs']) {
      refuseWith(path.split('.'), bad);
    }
  }
  refuseWith(['files'], undefined);
  refuseWith(['done'], {});
  for (const bad of [null, {}, 'x', ['x'], Array(5).fill('0123456789abcdef')])
    refuseWith(['files', '0', 'lastLines'], bad);
  for (const bad of [null, {}, 1, '/a\0']) refuseWith(['files', '0', 'target'], bad);
  refuseWith(['files', '0', 'position'], -1);
  refuseWith(['files', '0', 'modifiedMs'], NOW_MS + 2 * 86_400_000);
  refuseWith(['files', '0', 'inode'], 'x');
  refuseWith(['path'], '/var/log/a\0b');
  refuseWith(['files'], Array(2000).fill(SAVED.files[0]));
});

test('parsePosition() refuses a position that lacks any of its keys, wherever', () => {
  const keys = (value: unknown, path: string[] = []): string[][] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, one]) => [
          ...(Array.isArray(value) ? [] : [[...path, key]]),
          ...keys(one, [...path, key]),
        ]);
  const optional = new Set(['lastLines', 'target', 'ended']);
  fc.assert(
    fc.property(position, (one) => {
      for (const path of keys(one).filter((keyPath) => !optional.has(String(keyPath.at(-1))))) {
        const saved = JSON.parse(JSON.stringify(one)) as object;
        Reflect.deleteProperty(
          path.slice(0, -1).reduce<object>((object, key) => Reflect.get(object, key), saved),
          String(path.at(-1)),
        );
        assert.equal(parsePosition(saved, NOW_MS), undefined, path.join('.'));
      }
    }),
  );
});

test('parsePosition() refuses a fingerprint of more bytes than any has, which would be read to compare them', () => {
  const saved = structuredClone(SAVED);
  saved.done = [{ inode: '7', head: { length: 1e12, crc: 9 } }];
  assert.equal(parsePosition(saved, NOW_MS), undefined);
});

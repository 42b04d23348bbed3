// The rules of graylog-out for what JSON cannot say, and for lengths; the others are folders of fixtures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShaper } from '../../../../nodes/graylog-out/document/shape.ts';
import { MAX_FIELD_BYTES, shorten } from '../../../../nodes/graylog-out/document/value.ts';

const shape = createShaper({ host: 'h', largestBytes: 65_535 });

function fieldOf(value: unknown): unknown {
  return shape({ message: 'm', value }, 0).gelf?.value;
}

const loop: { [key: string]: unknown } = {};
loop.self = [loop];

const values: [string, unknown, unknown][] = [
  ['bigint is its digits', 12_345_678_901_234_567_890n, '12345678901234567890'],
  ['a date is ISO 8601', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['an invalid date is left out', new Date(Number.NaN), undefined],
  ['NaN is left out', Number.NaN, undefined],
  ['infinity is left out', Number.POSITIVE_INFINITY, undefined],
  ['undefined is left out', undefined, undefined],
  ['a function is left out', () => 1, undefined],
  ['a symbol is left out', Symbol('s'), undefined],
  ['a buffer is base64', Buffer.from([0, 255]), 'AP8='],
  ['an error is its message', new Error('what happened'), 'what happened'],
  ['a circle in an array is said', [loop], '[{"self":["[circular]"]}]'],
];

for (const [name, value, expected] of values) {
  test(`a value of a field: ${name}`, () => {
    assert.equal(fieldOf(value), expected);
  });
}

test('a circle of plain objects is said where it closes', () => {
  const payload: { [key: string]: unknown } = { message: 'm' };
  payload.again = payload;
  assert.equal(shape(payload, 0).gelf?.again, '[circular]');
});

test('a buffer as the payload is text', () => {
  assert.equal(shape(Buffer.from('grün'), 0).gelf?.short_message, 'grün');
});

test('what throws when it is read is a fault', () => {
  const payload = {
    get message(): string {
      throw new Error('no');
    },
  };
  assert.deepEqual(shape(payload, 0), { fault: 'UNREADABLE_PAYLOAD' });
});

for (const unit of ['a', 'ä', '漢', '𝔘']) {
  test(`a field of ${unit} is cut at a character, to at most 32,766 bytes, and says so`, () => {
    const fits = unit.repeat(Math.floor(MAX_FIELD_BYTES / Buffer.byteLength(unit)));
    assert.equal(shorten(fits, MAX_FIELD_BYTES), fits);
    const cut = shorten(fits + unit.repeat(4), MAX_FIELD_BYTES);
    assert.ok(Buffer.byteLength(cut) <= MAX_FIELD_BYTES);
    assert.ok(Buffer.byteLength(cut) > MAX_FIELD_BYTES - 8);
    assert.match(cut, new RegExp(`^(${unit})+…$`, 'u'));
  });
}

test('a message has at most 200 fields', () => {
  const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, i]));
  const { gelf } = shape({ message: 'm', ...fields }, 0);
  assert.equal(Object.keys(gelf ?? {}).filter((name) => name.startsWith('f')).length, 200);
});

test('many long fields together stay within the limit, and the short ones stay whole', () => {
  const long = Object.fromEntries(Array.from({ length: 190 }, (_, i) => [`f${i}`, 'x'.repeat(30_000)]));
  const { gelf } = shape({ message: 'short', ...long, note: 'whole' }, 0);
  assert.ok(Buffer.byteLength(JSON.stringify(gelf)) <= 65_535);
  assert.equal(gelf?.note, 'whole');
  assert.equal(gelf?.short_message, 'short');
});

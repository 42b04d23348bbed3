import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEndOnWrongSide, limitReader, stateReader } from '../../../../nodes/alert/judge/reading.ts';

const rule = { field: 'v', operator: 'above', limit: 80, end: undefined, critical: undefined } as const;

test('a state is read by the lists, and the critical ones are bad as well', () => {
  const read = stateReader({ field: 's', bad: ['warning'], good: ['ok'], critical: ['critical'] });
  assert.deepEqual(read({ s: 'ok' }), { isBad: false, value: undefined });
  assert.deepEqual(read({ s: 'warning' }), { isBad: true, value: undefined });
  assert.deepEqual(read({ s: 'critical' }), { isBad: true, value: undefined, severity: 'critical' });
  assert.equal(read({ s: 'stale' }), 'unlisted');
  assert.equal(read({}), 'no-field');
});

test('a value between the limit and the end says nothing, and the end itself does not end it', () => {
  const readings = (read: ReturnType<typeof limitReader>, values: readonly number[]) =>
    values.map((v) => {
      const reading = read({ v });
      return typeof reading === 'string' ? reading : reading.isBad;
    });
  assert.deepEqual(readings(limitReader({ ...rule, end: 75 }), [81, 80, 75, 74]), [true, 'between', 'between', false]);
  const below = { ...rule, operator: 'below', limit: 10, end: 20 } as const;
  assert.deepEqual(readings(limitReader(below), [9, 10, 20, 21]), [true, 'between', 'between', false]);
  assert.deepEqual(readings(limitReader(rule), [81, 80]), [true, false]);
  assert.deepEqual(readings(limitReader({ ...rule, operator: 'at-least' }), [80, 79.9]), [true, false]);
  assert.deepEqual(readings(limitReader({ ...rule, operator: 'at-most' }), [80, 80.1]), [true, false]);
});

test('a value beyond the critical limit says how bad it is, and what is no number says so', () => {
  const read = limitReader({ ...rule, critical: 95 });
  assert.deepEqual(read({ v: 96 }), { isBad: true, value: 96, severity: 'critical' });
  assert.deepEqual(read({ v: 95 }), { isBad: true, value: 95 });
  assert.equal(read({ v: 'much' }), 'not-a-number');
  assert.equal(read({}), 'no-field');
});

test('an end that a bad value could reach is on the wrong side, whole numbers considered', () => {
  assert.equal(isEndOnWrongSide({ ...rule, end: 85 }), true);
  assert.equal(isEndOnWrongSide({ ...rule, end: 75 }), false);
  assert.equal(isEndOnWrongSide({ ...rule, operator: 'at-most', end: 75 }), true);
  const aboveNone = { ...rule, limit: 0, end: 1 };
  assert.equal(isEndOnWrongSide(aboveNone), true);
  assert.equal(isEndOnWrongSide(aboveNone, true), false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cursorMicros, parseCursor } from '../../../../nodes/auth-log-in/journal/cursor.ts';

test('cursorMicros() reads the time of a cursor, and gives undefined where it has none', () => {
  assert.equal(cursorMicros('s=0123;i=4f;b=00;m=0;t=60a24181e4240;x=0'), 0x60a24181e4240);
  assert.equal(cursorMicros('s=0123;i=4f'), undefined);
  assert.equal(cursorMicros(undefined), undefined);
});

test('parseCursor() reads where an entry is, and gives undefined for any other text', () => {
  assert.deepEqual(parseCursor('s=0123ab;i=4f;b=00;m=0;t=10;x=0'), { sequence: '0123ab', number: 0x4f });
  assert.deepEqual(parseCursor('s=1;i=2'), { sequence: '1', number: 2 });
  for (const text of ['', 's=1', 'i=2;s=1', 's=x;i=1', undefined]) assert.equal(parseCursor(text), undefined, text);
});

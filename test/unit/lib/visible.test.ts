import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visible } from '../../../lib/visible.ts';

test('`visible()` leaves text as it is, in any script', () => {
  for (const text of ['', 'Accepted publickey for jörg', '登录失败', 'a\u00a0b', '👍🏽', '\\x1b']) {
    assert.equal(visible(text), text);
  }
});

test('`visible()` writes control characters, line separators and changes of direction out', () => {
  assert.equal(visible('a\x1b[31mred'), 'a\\x1b[31mred');
  assert.equal(visible('one\ntwo\r\tthree'), 'one\\ntwo\\r\\tthree');
  assert.equal(visible('\u009b31m \u007f \u0000'), '\\x9b31m \\x7f \\x00');
  assert.equal(visible('abc\u202efed\u2028'), 'abc\\u202efed\\u2028');
});

test('nothing that `visible()` gives holds a steering character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(visible(text), /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clean, cleanLine, cut } from '../../../../nodes/notify/text/clean.ts';

test('`clean()` removes what steers a terminal, a page or a chat, and leaves what people write', () => {
  assert.equal(clean('red \u001b[31mtext\u001b[0m \u001b]0;title\u0007\u009b31m.'), 'red text .');
  assert.equal(
    clean('nul\0 bell\u0007 bidi\u202e\u2066 bom\ufeff del\u007f tag\u{e0041}'),
    'nul bell bidi bom del tag',
  );
  assert.equal(clean('a\r\nb\rc\u2028d\u0085e\tf'), 'a\nb\nc\nd\ne f');
  assert.equal(clean('half \ud83d and \ude00'), 'half \ufffd and \ufffd');
  assert.equal(clean('äöü 日本 👨‍👩‍👧 e\u0301 🚀'), 'äöü 日本 👨‍👩‍👧 e\u0301 🚀');
  assert.equal(cleanLine(' a \n\n b '), 'a b');
});

test('`clean()` leaves nothing to clean, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = clean(text);
      assert.ok(once.isWellFormed());
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      assert.doesNotMatch(once, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      assert.equal(clean(once), once);
    }),
  );
});

test('`cut()` cuts between code points', () => {
  assert.equal(cut('🚀🚀🚀', 3), '🚀🚀🚀');
  assert.equal(cut('🚀🚀🚀', 2), '🚀…');
  assert.equal(cut('abc', 0), '');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FirstWords } from '../../../../nodes/auth-log-in/message/first-words.ts';

test('find() gives what a map of the words gives for the first word of a text', () => {
  const word = fc.oneof(
    fc.constantFrom('Failed', 'Formed', 'Fail', 'Failed:', '', 'F', 'Ж', 'Жx', '\n', '\t', 'a\tb', 'x'.repeat(300)),
    fc.string({ maxLength: 3 }).map((text) => text.replaceAll(' ', '')),
  );
  const words = fc.array(word.filter((text) => text !== ''));
  fc.assert(
    fc.property(words, word, fc.constantFrom('', ' ', ' password', '  x'), (known, first, rest) => {
      const values = new Map(known.map((text, n) => [text, n]));
      const firstWords = new FirstWords(known.map((text, n): [string, number] => [text, n]));
      assert.equal(firstWords.find(first + rest), values.get(first));
    }),
  );
});

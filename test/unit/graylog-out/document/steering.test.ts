// What steers a terminal, a page or a chat is written out in every text of a document but `full_message`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createEncoder } from '../../../../lib/gelf-encoder.ts';
import { createWriter } from '../../../../nodes/graylog-out/document/writer.ts';
import { STEERING_TEXTS } from '../../../support/steering-texts.ts';
import { strangePayload } from '../../../support/strange-payloads.ts';

const TIME = '2026-01-01T00:00:00.010Z';
const STEERING = /[\p{Cc}\u2028\u2029\p{Bidi_Control}\ufeff]/u;
const write = createWriter({ host: 'h\x1b', largestBytes: 65_535, staticFields: { rack: 'a\tb' } });

type Members = { [name: string]: unknown };

function written(payload: unknown): Members {
  const { document, fault } = { document: '', ...write(payload, () => 0) };
  assert.equal(fault, undefined);
  return JSON.parse(document) as Members;
}

for (const [text, shown] of STEERING_TEXTS) {
  test(`${shown} stands in every field, and as it came in the full message`, () => {
    const texts = { message: text, user_name: text, host: `h${text}h`, full_message: text };
    // Flat and with a time it takes the short way, without one the general way.
    for (const payload of [{ ...texts, time: TIME }, { ...texts }, { ...texts, nested: { list: [text] } }]) {
      const { document } = { document: '', ...write(payload, () => 0) };
      assert.doesNotMatch(document, /\p{Cc}/u);
      const { short_message, _user_name, host, full_message, _rack } = written(payload);
      assert.deepEqual([short_message, _user_name, host], [shown, shown, `h${shown}h`]);
      assert.equal(full_message, text);
      assert.equal(_rack, 'a\\tb');
    }
  });
}

test('no text of a document steers but the full message, whatever the payload is', () => {
  fc.assert(
    fc.property(strangePayload, (make) => {
      const { document } = { document: '{}', ...write(make(), () => 0) };
      for (const [name, value] of Object.entries(JSON.parse(document) as Members)) {
        if (name !== 'full_message') assert.doesNotMatch(String(value), STEERING, name);
      }
      assert.doesNotMatch(document, /[\p{Cc}]/u);
    }),
    { numRuns: 10_000 },
  );
});

test('the lines of a text are told apart in the full message, and written out in the short one', () => {
  for (const payload of ['one\ntwo\n', { message: 'one\ntwo\r\n', time: TIME }]) {
    const { short_message, full_message } = written(payload);
    assert.equal(short_message, 'one\\ntwo');
    assert.equal(full_message, 'one\ntwo');
  }
});

test('the line break at the end of a text is left out', () => {
  for (const payload of ['done\r\n', { message: 'done\n', time: TIME }, { message: 'done\r', time: TIME }]) {
    assert.deepEqual([written(payload).short_message, written(payload).full_message], ['done', undefined]);
  }
});

test('a heartbeat of a host with such a name has it written out', () => {
  const document = createEncoder()({ short_message: 'm', host: 'a\u202eb', timestamp: 1, level: 6, site: '\x07' });
  assert.match(document, /"a\\\\u202eb".*"_site":"\\\\x07"/);
});

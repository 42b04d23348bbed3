import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import gelfPro from 'gelf-pro';
import { createEncoder, type GelfFields } from '../../../../lib/gelf-encoder.ts';
import { visible } from '../../../../lib/visible.ts';
import { createShaper } from '../../../../nodes/graylog-out/document/shape.ts';
import { brokenRules } from '../../../support/gelf-rules.ts';
import { strangePayload } from '../../../support/strange-payloads.ts';

const NOW_MS = 1_795_000_000_123;
/** HTTP's limit, TCP's, the smallest that UDP chunks can have, and far less than any transport has. */
const LIMITS = [65_535, 2_097_151, 65_536, 8_192, 2_048];
const RUNS = 100_000;

test(`${RUNS} arbitrary payloads become a document that Graylog stores as it is, or a fault`, () => {
  const shapers = LIMITS.map((largestBytes) => ({ largestBytes, shape: createShaper({ host: 'h', largestBytes }) }));
  const encode = createEncoder();
  const seen = { documents: 0, NO_MESSAGE: 0, NO_PAYLOAD: 0, UNREADABLE_PAYLOAD: 0 };
  let turn = 0;
  fc.assert(
    fc.property(strangePayload, (make) => {
      const payload = make();
      turn += 1;
      const { shape, largestBytes } = shapers[turn % LIMITS.length] as (typeof shapers)[0];
      const { gelf, fault } = shape(payload, NOW_MS);
      if (gelf === undefined) {
        seen[fault] += 1;
        return;
      }
      seen.documents += 1;
      const text = encode(gelf);
      assert.deepEqual(brokenRules(text), []);
      const bytes = Buffer.byteLength(text);
      assert.ok(bytes <= largestBytes, `${bytes} of ${largestBytes} bytes`);
      assert.ok(!text.includes('\0'));
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  assert.ok(seen.documents > RUNS / 2, JSON.stringify(seen));
  assert.ok(seen.NO_MESSAGE > 100 && seen.UNREADABLE_PAYLOAD > 100 && seen.NO_PAYLOAD > 100, JSON.stringify(seen));
});

test('any msg.gelf and static fields make a document that Graylog stores as it is', () => {
  const staticFields = { environment: 'test', a_b: 1, id: 'x', 'with.dot': 'y' };
  const shape = createShaper({ host: 'h', largestBytes: 65_535, staticFields });
  const encode = createEncoder();
  fc.assert(
    fc.property(strangePayload, strangePayload, (payload, overrides) => {
      const { gelf } = shape(payload(), NOW_MS, overrides());
      if (gelf === undefined) return;
      const text = encode(gelf);
      assert.deepEqual(brokenRules(text), []);
      assert.ok(Buffer.byteLength(text) <= 65_535, `${Buffer.byteLength(text)} bytes`);
    }),
    { numRuns: 5_000 },
  );
});

test('the encoder writes what gelf-pro writes for checked fields', () => {
  const encode = createEncoder();
  const proper = gelfPro as unknown as { getStringFromObject(fields: object): string };
  // gelf-pro flattens and renames: names as `graylog-out` hands them over are left alone by both.
  const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/).filter((text) => !['id', 'version'].includes(text));
  const text = fc.string({ unit: 'grapheme' }).map((any) => visible(any));
  // Of greater numbers the index has no room for: those become the largest that it has room for.
  const stored = fc.double({ min: -9e18, max: 9e18, noNaN: true });
  const value = fc.oneof(text, fc.integer(), stored);
  fc.assert(
    fc.property(fc.dictionary(name, value), text, (fields, message) => {
      const gelf = { short_message: message, host: 'h', timestamp: NOW_MS / 1000, level: 6, ...fields } as GelfFields;
      assert.deepEqual(JSON.parse(encode(gelf)), JSON.parse(proper.getStringFromObject(gelf)));
    }),
    { numRuns: 5_000 },
  );
});

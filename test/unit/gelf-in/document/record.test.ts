// What gelf-in makes of a document is a folder in test/fixtures/gelf-in: `document.json` as it arrives, and in `expected.json`
// the record, or the reason why it is refused. Graylog's own rules stand in them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { receivedRecord } from '../../../../nodes/gelf-in/document/record.ts';
import { createWriter } from '../../../../nodes/graylog-out/document/writer.ts';

const FOLDER = new URL('../../../fixtures/gelf-in/', import.meta.url);
const NOW_MS = Date.UTC(2026, 0, 1, 0, 0, 1);
const OPTIONS = { relay: 'relay1', ownContainer: '0a'.repeat(32) };
const SENDER = '192.0.2.7';

const read = (text: string, options = OPTIONS) => receivedRecord(text, SENDER, NOW_MS, options);

for (const name of readdirSync(FOLDER)) {
  test(`\`receivedRecord()\`: ${name.replaceAll('-', ' ')}`, () => {
    const text = readFileSync(new URL(`${name}/document.json`, FOLDER), 'utf8');
    const expected: unknown = JSON.parse(readFileSync(new URL(`${name}/expected.json`, FOLDER), 'utf8'));
    const received = read(text);
    if (typeof received === 'string') assert.equal(received, expected);
    else {
      const { payload, numbers } = received;
      assert.deepEqual({ payload, ...(numbers && { numbers }) }, expected);
    }
  });
}

test('a record without a usable time has that of its arrival, and says so', () => {
  for (const stamp of ['', ',"timestamp":0', ',"timestamp":"soon"', ',"timestamp":-5', ',"timestamp":null']) {
    const received = read(`{"host":"web1","short_message":"hello"${stamp}}`);
    assert.ok(typeof received !== 'string');
    assert.equal(received.payload.time, '2026-01-01T00:00:01.000Z');
    assert.equal(received.isTimeless, true);
  }
});

test('of 5,000 fields the first 200 are kept', () => {
  const fields = Array.from({ length: 5_000 }, (_, i) => `"_f${i}":1`).join(',');
  const received = read(`{"host":"web1","short_message":"hello",${fields}}`);
  assert.ok(typeof received !== 'string');
  assert.equal(Object.keys(received.payload).length, 200 + 5);
});

test('depth, size and odd texts make a record or a reason, and never an error', () => {
  const deep = `{"host":"web1","short_message":"hello","_a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  assert.equal(typeof read(deep), 'object');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.string().map((s) => `{"host":"${s}`),
      ),
      (text) => {
        assert.match(typeof read(text), /object|string/);
      },
    ),
  );
});

test('three hops change nothing but relay_host, whatever the fields are', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.bigInt(),
  );
  const own = fc.oneof(
    value,
    fc.constantFrom('1.0', '100', '1e3', '-0.0').map((raw) => ({ raw })),
  );
  const name = fc
    .stringMatching(/^[a-z][a-z0-9@-]{0,20}$/)
    .filter((key) => !/^(relay_host|level|time|id|source)$/.test(key));
  const text = (field: unknown): string =>
    typeof field === 'bigint'
      ? String(field)
      : typeof field === 'object'
        ? String((field as { raw: string }).raw)
        : JSON.stringify(field);
  const reserved =
    /^(?:message|timestamp|streams|version|index|type|score|all|host|gl2_.*|short_message|full_message)$/;
  fc.assert(
    fc.property(
      fc.dictionary(
        name.filter((key) => !reserved.test(key)),
        own,
      ),
      fc.integer({ min: 1, max: 2 ** 40 }),
      (fields, ms) => {
        const members = Object.entries(fields).map(([key, field]) => `,"_${key}":${text(field)}`);
        let document = `{"version":"1.1","short_message":"m","timestamp":${(ms / 1000).toFixed(3)},"host":"web1","level":4${members.join('')}}`;
        const first = rawOf(document);
        for (const relay of ['r1', 'r2', 'r3']) {
          const received = read(document, { relay, ownContainer: undefined as never });
          assert.ok(typeof received !== 'string');
          const written = createWriter({ host: relay, largestBytes: 100_000 })(
            received.payload,
            () => 0,
            undefined,
            received.numbers,
          );
          assert.ok(!('fault' in written) || written.fault === undefined);
          document = (written as { document: string }).document;
        }
        const last = rawOf(document);
        assert.equal(last.get('_relay_host'), '"r1,r2,r3"');
        last.delete('_relay_host');
        // A time of milliseconds is the same one without the zeros at its end, which are not worth a look at every document.
        for (const members of [first, last]) members.set('timestamp', String(Number(members.get('timestamp'))));
        assert.deepEqual(last, first);
      },
    ),
  );
});

/** The members of a flat document as they are written. */
function rawOf(document: string): Map<string, string> {
  const members = [...document.matchAll(/"((?:[^"\\]|\\.)*)":("(?:[^"\\]|\\.)*"|[^,}]*)/g)];
  return new Map(members.map(([, name = '', raw = '']) => [name, raw]));
}

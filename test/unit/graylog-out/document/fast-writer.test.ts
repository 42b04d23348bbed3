// The short way from a flat payload to a GELF document writes what the general way writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createEncoder } from '../../../../lib/gelf-encoder.ts';
import type { InfraRecord } from '../../../../lib/record.ts';
import { BatchTexts } from '../../../../nodes/graylog-out/document/batch-texts.ts';
import { MAX_FIELDS } from '../../../../nodes/graylog-out/document/draft.ts';
import { FastWriter } from '../../../../nodes/graylog-out/document/fast-writer.ts';
import { createShaper } from '../../../../nodes/graylog-out/document/shape.ts';
import { createWriter } from '../../../../nodes/graylog-out/document/writer.ts';
import { strangePayload } from '../../../support/strange-payloads.ts';

const NOW_MS = 1_795_000_000_123;
const LIMITS = [65_535, 2_097_151, 8_192];
const STATICS = { environment: 'te\tst', rack: 7, rack_ratio: 1, rack_bytes: 1.5 };

/** The members of a document, numbers as they stand in it: `100` and `100.0` are two types in Graylog's index. */
function members(document: string): unknown {
  const asWritten = (key: string, value: unknown, { source }: { source?: string }): unknown =>
    // The short way writes the milliseconds as they are in the text: 5.100 for 5.1.
    typeof value === 'number' && key !== 'timestamp' ? `number ${source}` : value;
  return JSON.parse(document, asWritten as (key: string, value: unknown) => unknown);
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('root', 'sshd', '203.0.113.7', 'Failed password'),
  fc.constantFrom(
    '',
    ' ',
    ' padded ',
    'a"b',
    'line\nline',
    'tab\t',
    'end\r\n',
    '\u202e'.repeat(10_000),
    '\x9b',
    '\ud800',
    'x'.repeat(11_000),
    '2026-01-01',
  ),
);
const date = fc.date({ min: new Date('1969-12-31T23:59:00Z'), max: new Date('2100-01-01'), noInvalidDate: true });
const time = fc.oneof(
  { weight: 9, arbitrary: date.map((at) => at.toISOString()) },
  fc.constantFrom('2026-13-01T00:00:00.000Z', '2026-01-01T00:00:60.000Z', '2026-01-01T00:00:00.0a0Z', 'now', ''),
);
const key = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.constantFrom(
      'event_id',
      'log_type',
      'user_name',
      'source_ip',
      'n',
      'load_1m',
      'own_percent',
      'own_bytes',
    ),
  },
  { weight: 20, arbitrary: fc.stringMatching(/^[a-z][a-z_]{0,7}$/) },
  { weight: 1, arbitrary: fc.constantFrom('id', 'a.b', 'rack', 'version', 'timestamp', '__proto__', '') },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);
const value = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined, -0, 1e21));
const payload = fc
  .tuple(
    fc.record(
      {
        message: text,
        time,
        host: text,
        level: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 7 }) }, fc.integer(), text),
        full_message: text,
      },
      { requiredKeys: ['message', 'time'] },
    ),
    fc.dictionary(key, value, { maxKeys: 8 }),
  )
  .map(([envelope, fields]): { [key: string]: unknown } => ({ ...envelope, ...fields }));

const MEMORY = Buffer.alloc(131_072);

/** What a writer makes of a payload, at any place of the memory. */
function textOf(writer: FastWriter, of: { [key: string]: unknown }, texts?: BatchTexts): string | undefined {
  const end = writer.write(of, MEMORY, 7, texts);
  return end === -1 ? undefined : MEMORY.toString('utf8', 7, end);
}

function bothWays(staticFields: { [name: string]: string | number }) {
  const encode = createEncoder();
  return LIMITS.map((largestBytes) => ({
    writer: new FastWriter({ host: 'h', largestBytes, staticFields, maxFields: MAX_FIELDS }),
    writeGeneral: (of: unknown): string => {
      const { gelf, fault } = createShaper({ host: 'h', largestBytes, staticFields })(of, NOW_MS);
      return gelf === undefined ? fault : encode(gelf);
    },
  }));
}

for (const statics of [{}, STATICS]) {
  test(`a flat payload becomes the same document either way, with ${Object.keys(statics).length} static fields`, () => {
    const ways = bothWays(statics);
    let written = 0;
    fc.assert(
      fc.property(payload, fc.nat({ max: ways.length - 1 }), (of, way) => {
        const { writer, writeGeneral } = ways[way] as (typeof ways)[0];
        // Twice and a third time, because what was seen before is remembered.
        for (let n = 0; n < 3; n += 1) {
          const document = textOf(writer, of);
          if (document === undefined) continue;
          written += 1;
          assert.deepEqual(members(document), members(writeGeneral(of)));
        }
      }),
      { numRuns: 20_000 },
    );
    assert.ok(written > 10_000, `${written} written`);
  });
}

test('payloads that come together become the documents that each of them becomes alone', () => {
  const [both] = bothWays({});
  const texts = new BatchTexts();
  const isMostlyPlain = payload.map((of) => ({ ...of, message: `plain ${String(of.user_name).slice(0, 5)}` }));
  let written = 0;
  fc.assert(
    fc.property(fc.array(fc.oneof(payload, isMostlyPlain), { maxLength: 300 }), fc.nat({ max: 5 }), (all, skip) => {
      texts.begin(all as unknown as InfraRecord[]);
      for (const [at, of] of all.entries()) {
        // Records that were there before are left out.
        if (skip > 2 && at % skip === 0) continue;
        const document = both && textOf(both.writer, of, texts);
        if (document === undefined) continue;
        written += 1;
        assert.deepEqual(members(document), members(both?.writeGeneral(of) ?? ''));
      }
    }),
    { numRuns: 2_000 },
  );
  assert.ok(written > 2_000, `${written} written`);
});

test('texts of more bytes than there is room for go in several parts', () => {
  const [both] = bothWays({});
  const texts = new BatchTexts();
  const lengths = [1, 8_000, 9_000, 7_000, 3, 20_000, 60_000, 5, 8_000];
  const all = lengths.map((length, at) => ({
    ...{ log_type: 'auth' as const, time: '2026-11-24T07:44:26.050Z', host: 'web-1', level: 4 as const },
    ...{ message: `${at}${'x'.repeat(length)}`, event_id: `e${at}` },
  }));
  texts.begin(all);
  const found = all.map((of) => JSON.parse((both && textOf(both.writer, of, texts)) ?? '{}').short_message?.length);
  assert.deepEqual(
    found,
    lengths.map((length) => (length > 9_000 ? undefined : length + 1)),
  );
});

test('a document goes another way once what was learned is forgotten, and stays the same', () => {
  const writer = new FastWriter({ host: 'h', largestBytes: 65_535, staticFields: {}, maxFields: MAX_FIELDS });
  const base = { log_type: 'docker_log', time: '2026-11-24T07:44:26.050Z', message: 'm', event_id: 'e' };
  for (let n = 0; n < 210_000; n += 1) {
    const of = { ...base, container_name: `web${n % 7}`, level: n % 3, n: n % 5 };
    const document = textOf(writer, of) ?? '';
    if (n % 1000 !== 0) continue;
    const { _container_name, level, _n } = JSON.parse(document);
    assert.deepEqual([_container_name, level, _n], [of.container_name, of.level, of.n]);
  }
});

test('any payload becomes the same document either way', () => {
  const [both] = bothWays({});
  const write = createWriter({ host: 'h', largestBytes: LIMITS[0] as number });
  fc.assert(
    fc.property(strangePayload, (make) => {
      const found = write(make(), () => NOW_MS);
      const general = both?.writeGeneral(make());
      if (found.fault !== undefined) assert.equal(found.fault, general);
      else assert.deepEqual(members(found.document), members(general ?? ''));
    }),
    { numRuns: 10_000 },
  );
});

test('every record of the source nodes takes the short way', () => {
  const writer = new FastWriter({ host: 'h', largestBytes: 65_535, staticFields: {}, maxFields: MAX_FIELDS });
  const record = {
    log_type: 'auth',
    time: '2026-11-24T07:44:26.050Z',
    host: 'web-1',
    level: 4,
    message: 'Failed password for "root" from 203.0.113.7 port 52022 ssh2',
    event_id: 'e-1',
    process_id: 7,
  };
  assert.deepEqual(JSON.parse(textOf(writer, record) ?? ''), {
    version: '1.1',
    short_message: record.message,
    host: 'web-1',
    timestamp: Date.parse(record.time) / 1000,
    level: 4,
    _log_type: 'auth',
    _event_id: 'e-1',
    _process_id: 7,
  });
});

test('the kind of record that a static field names chooses the port', () => {
  const write = createWriter({ host: 'h', largestBytes: 65_535, staticFields: { log_type: 'auth' } });
  const found = write({ message: 'm', time: '2026-11-24T07:44:26.050Z' }, () => NOW_MS);
  assert.equal(found.fault ?? found.logType, 'auth');
});

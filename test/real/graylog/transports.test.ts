// Risk: what we send is not what a real Graylog stores.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORD_KEYS } from '../../../lib/record-keys.ts';
import { openDelivery } from '../../support/delivery.ts';
import { messagesOf, startInput, sumsOf, untilStored } from '../../support/graylog-messages.ts';
import { type GraylogClient, realGraylog, withGraylog } from '../../support/graylog-real.ts';
import { freePort } from '../../support/ports.ts';

const RECORDS = Number(process.env.GRAYLOG_RECORDS ?? 2_000);
const WITHIN_MS = 240_000;
const TCP = 'org.graylog2.inputs.gelf.tcp.GELFTCPInput';
const HTTP = 'org.graylog2.inputs.gelf.http.GELFHttpInput';
const FRAMES = { use_null_delimiter: true, max_message_size: 2_097_152 };
const BODIES = { max_chunk_size: 65_536, idle_writer_timeout: 60, enable_cors: false };

const transports: [scheme: string, type: string, input: object, config: object, textBytes: number][] = [
  ['tcp', TCP, FRAMES, {}, 200],
  ['tls', TCP, { ...FRAMES, tls_enable: true }, {}, 200],
  // Together over 8 MB of chunks.
  ['udp', 'org.graylog2.inputs.gelf.udp.GELFUDPInput', {}, { compression: 'none' }, 4_000],
  ['http', HTTP, BODIES, {}, 200],
  ['http', HTTP, { ...BODIES, enable_bulk_receiving: true }, { bulk: true }, 200],
];

type Fields = { [key: string]: string | number };
const LOG_TYPES = Object.keys(RECORD_KEYS).filter((name) => name !== 'envelope') as (keyof typeof RECORD_KEYS)[];
/** Texts that are times always: a new index takes their fields for dates. */
const TIMES = new Set(['created', 'alert_since']);
const TIME = '2026-11-25T18:04:20.123456789Z';
const NOW_SECONDS = Math.floor(Date.now() / 1_000);

/** A record of the kind whose turn it is, with every key that it may have. */
function recordOf(n: number, run: string, textBytes: number): Fields {
  const logType = LOG_TYPES[n % LOG_TYPES.length] as keyof typeof RECORD_KEYS;
  const fields: Fields = {
    ...{ short_message: `${n} `.padEnd(textBytes, 'grün '), host: 'hbA', timestamp: NOW_SECONDS, level: n % 8 },
    ...{ log_type: logType, event_id: `${run}-${n}`, test_run: run, test_number: n },
  };
  for (const [key, kind] of Object.entries(RECORD_KEYS[logType])) {
    fields[key] = TIMES.has(key) ? TIME : kind === 'text' ? `text ${n}` : kind === 'integer' ? n : n + (n % 4) / 4;
  }
  return fields;
}

const sumOf = (records: readonly Fields[], key: string): number =>
  records.reduce((sum, record) => sum + Number(record[key] ?? 0), 0);

for (const [scheme, type, input, config, textBytes] of transports) {
  const name = 'bulk' in config ? 'HTTP bulk' : scheme.toUpperCase();
  test(`a real Graylog stores every record over ${name}, each number exactly`, {
    ...withGraylog,
    timeout: 2 * WITHIN_MS,
  }, async (t) => {
    const graylog = await realGraylog();
    const port = await freePort();
    await startInput(t, graylog, type, port, input);
    const run = `run${Date.now()}`;
    const failuresBefore = await indexFailures(graylog);
    const records = Array.from({ length: RECORDS }, (_, n) => recordOf(n, run, textBytes));
    const url = `${scheme}://127.0.0.1:${port}`;
    const { delivery } = openDelivery(t, { url, config, tls: { rejectUnauthorized: false } });
    const refused: unknown[] = [];
    for (const record of records) {
      await new Promise<void>((resolve) => {
        delivery.shipFields(record as never, undefined, (error) => {
          if (error !== undefined) refused.push(error);
        });
        setImmediate(resolve);
      });
    }
    const stored = await untilStored(graylog, `test_run:${run}`, RECORDS, WITHIN_MS);
    t.diagnostic(`${RECORDS} sent, ${stored} stored over ${name}`);
    assert.deepEqual(refused, []);
    assert.equal(stored, RECORDS);
    assert.equal(await indexFailures(graylog), failuresBefore);
    const summed = ['disk_used_bytes', 'disk_used_percent', 'http_response_time_ms', 'records_sent', 'load_1m'];
    const { sums } = await sumsOf(graylog, `test_run:${run}`, summed);
    for (const key of summed) assert.equal(sums[key], sumOf(records, key), key);
    for (const fields of await messagesOf(graylog, `test_run:${run}`, 50)) keepsAll(fields, records);
  });
}

function keepsAll(fields: Fields, records: readonly Fields[]): void {
  const { short_message: message, host, timestamp, ...others } = records[Number(fields.test_number)] as Fields;
  const expected = { ...others, message: String(message).trim(), source: host };
  for (const [key, value] of Object.entries(expected)) assert.equal(fields[key], value, key);
  assert.equal(Date.parse(String(fields.timestamp)), Number(timestamp) * 1_000);
}

async function indexFailures(graylog: GraylogClient): Promise<number> {
  return (await graylog.get<{ total: number }>('/system/indexer/failures?limit=1&offset=0')).total;
}

test('a real Graylog has the types of the contract', withGraylog, async () => {
  const graylog = await realGraylog();
  const types = await graylog.get<{ name: string; type: { type: string } }[]>('/views/fields');
  const typeOf = new Map(types.map(({ name, type }) => [name, type.type]));
  const allowed = { text: /^string/, integer: /^(?:long|int|short|byte)$/, fraction: /^(?:double|float)$/ };
  for (const logType of LOG_TYPES) {
    for (const [key, kind] of Object.entries(RECORD_KEYS[logType])) {
      const type = TIMES.has(key) ? /date|^string/ : allowed[kind as keyof typeof allowed];
      assert.match(typeOf.get(key) ?? 'none', type, key);
    }
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordOf } from '../../../lib/gelf-record.ts';
import { createWriter } from '../../../nodes/graylog-out/document/writer.ts';

test('a record that was written is read back', () => {
  const record = {
    message: 'Failed password',
    log_type: 'auth',
    time: '2026-11-26T05:00:00.123Z',
    host: 'web1',
    level: 4,
    event_id: 'a1',
    source_port: 50122,
  };
  const written = createWriter({ host: 'h', largestBytes: 100_000, staticFields: {} })(record, Date.now, undefined);
  assert.deepEqual(recordOf('document' in written ? String(written.document) : ''), record);
});

test('what is no document is an empty record', () => {
  for (const text of ['', 'null', '17', '{"a":', '"x"']) assert.deepEqual(recordOf(text), {});
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEndpoints } from '../../../nodes/graylog-server/endpoint.ts';
import { withRecordFile } from '../../../nodes/graylog-server/record-file.ts';

test('`file:` alone is the file in the folder of the state files; other addresses stay as they are', () => {
  const endpoints = parseEndpoints('file:,file:/srv/r.ndjson,tcp://a');
  assert.deepEqual(
    withRecordFile(endpoints, '/data/infra-monitoring').map(({ path }) => path),
    [join('/data/infra-monitoring', 'collected.ndjson'), '/srv/r.ndjson', '/gelf'],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTestRequest } from '../../../nodes/graylog-server/test-request.ts';

test('`parseTestRequest()` takes what the dialog sends', () => {
  const dialog = {
    id: 's1',
    endpoints: 'tcp://a',
    port: '',
    host: 'h',
    tls: 't1',
    authorization: '__PWRD__',
    compression: 'zlib',
    chunkBytes: '512',
    bulk: true,
    gzip: true,
  };
  assert.deepEqual(parseTestRequest(dialog), dialog);
});

test('`parseTestRequest()` leaves out properties of another type, and those that it does not know', () => {
  const body = { endpoints: { toString: 1 }, host: ['h'], tls: null, bulk: 'true', gzip: false, other: 'x' };
  assert.deepEqual(parseTestRequest(body), {});
});

test('`parseTestRequest()` takes a choice that is not made for no config node', () => {
  assert.deepEqual(parseTestRequest({ tls: '_ADD_' }), {});
});

test('`parseTestRequest()` takes nothing from a body that is no object', () => {
  for (const body of [undefined, null, 'text', 7]) assert.deepEqual(parseTestRequest(body), {});
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveryOptions } from '../../../nodes/graylog-server/options.ts';

const MEBIBYTE = 1024 * 1024;

test('a dialog without its properties, as in an old flow, gives the defaults', () => {
  const { compression, chunkBytes, bulk, gzip, buffer, shipper } = deliveryOptions({});
  assert.deepEqual(
    { compression, chunkBytes, bulk, gzip },
    { compression: 'gzip', chunkBytes: 1420, bulk: false, gzip: false },
  );
  assert.deepEqual(buffer, {
    memorySize: 32 * MEBIBYTE,
    diskSize: 1024 * MEBIBYTE,
    maxAgeMs: 168 * 3_600_000,
    overflow: 'oldest',
  });
  assert.equal(shipper.replayMs, 5_000);
  assert.equal(shipper.renewMs, 0);
});

test('the values of the dialog are taken in their units', () => {
  const { buffer, shipper, chunkBytes } = deliveryOptions({
    chunkBytes: '8192',
    bufferMegabytes: '1',
    diskMegabytes: '0',
    maxAgeHours: '0.5',
    overflow: 'newest',
    replaySeconds: '0',
    renewMinutes: '2',
  });
  assert.equal(chunkBytes, 8_192);
  assert.deepEqual(buffer, { memorySize: MEBIBYTE, diskSize: 0, maxAgeMs: 1_800_000, overflow: 'newest' });
  assert.deepEqual([shipper.replaySize, shipper.replayMs, shipper.renewMs], [0, 0, 120_000]);
});

test('a value that is blank, out of its range or no number counts as missing', () => {
  for (const value of ['', ' ', '0', '1e9', 'much', 'NaN', 'Infinity', '-1']) {
    assert.equal(deliveryOptions({ bufferMegabytes: value }).buffer.memorySize, 32 * MEBIBYTE, value);
  }
  assert.equal(deliveryOptions({ compression: 'brotli' }).compression, 'gzip');
  assert.equal(deliveryOptions({ overflow: 'none' }).buffer.overflow, 'oldest');
});

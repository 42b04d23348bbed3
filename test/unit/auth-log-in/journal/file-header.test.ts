import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEADER_BYTES, parseFileHeader } from '../../../../nodes/auth-log-in/journal/file-header.ts';

/** A header as systemd 252 writes it, of which only what is read is filled in. */
function header(entries = 3n): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('LPKSHHRH', 'latin1');
  bytes.fill(0xab, 72, 88);
  bytes.writeBigUInt64LE(entries, 152);
  bytes.writeBigUInt64LE(1_700_000_000_000_001n, 184);
  bytes.writeBigUInt64LE(1_700_000_000_000_009n, 192);
  return bytes;
}

test('parseFileHeader() reads the numbering and the times of the entries', () => {
  assert.deepEqual(parseFileHeader('system.journal', header()), {
    sequence: 'ab'.repeat(16),
    headMicros: 1_700_000_000_000_001,
    tailMicros: 1_700_000_000_000_009,
    isArchived: false,
  });
});

test('parseFileHeader() knows from the name that nothing is written to a file any more', () => {
  for (const name of ['system@0005.journal', 'system.journal~', 'user-1000@0005-01-02.journal'])
    assert.equal(parseFileHeader(name, header())?.isArchived, true, name);
});

test('parseFileHeader() gives undefined for what is no header, and for a file without entries', () => {
  for (const bytes of [Buffer.alloc(0), header().subarray(1), Buffer.alloc(HEADER_BYTES), header(0n)])
    assert.equal(parseFileHeader('system.journal', bytes), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_LINE_BYTES } from '../../../../lib/file/line-splitter.ts';
import { ExportSplitter, type JournalFields } from '../../../../nodes/auth-log-in/journal/export-format.ts';

/** A field whose value is not plain text. */
function binary(name: string, value: Buffer): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(value.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, value, Buffer.from('\n')]);
}

function text(name: string, value: string): Buffer {
  return Buffer.from(`${name}=${value}\n`);
}

function entry(number: number, ...fields: Buffer[]): Buffer {
  return Buffer.concat([text('__CURSOR', `s=1;i=${number}`), ...fields, Buffer.from('\n')]);
}

function split(...chunks: Buffer[]): JournalFields[] {
  const splitter = new ExportSplitter();
  const entries: JournalFields[] = [];
  for (const chunk of chunks) splitter.push(chunk, entries);
  return entries;
}

function messagesOf(...chunks: Buffer[]): (string | undefined)[] {
  return split(...chunks).map((fields) => fields.get('MESSAGE'));
}

test('push() gives text, text of several lines, bytes, and nothing of what is not read', () => {
  const [fields, ...others] = split(
    entry(
      1,
      text('MESSAGE', 'a=b'),
      text('OTHER', 'x'),
      binary('SYSLOG_IDENTIFIER', Buffer.from('gr\u00fc\nn\0')),
      binary('OTHER_BYTES', Buffer.from([1, 10, 10, 2])),
      binary('_EXE', Buffer.from([255])),
      binary('_COMM', Buffer.alloc(0)),
    ),
  );
  assert.deepEqual(others, []);
  assert.deepEqual(Object.fromEntries(fields ?? []), {
    __CURSOR: 's=1;i=1',
    MESSAGE: 'a=b',
    SYSLOG_IDENTIFIER: 'gr\u00fc\nn\u{fffd}',
    _EXE: '\u{fffd}',
    _COMM: '',
  });
});

test('push() gives the first value of a field that is given twice', () => {
  assert.deepEqual(messagesOf(entry(1, text('MESSAGE', 'a'), text('MESSAGE', 'b'))), ['a']);
});

test('push() gives the same entries however they are cut into chunks', () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => binary('MESSAGE', Buffer.from(value)));
  const plain = fc.stringMatching(/^[ -~äß]{0,40}$/).map((value) => text('MESSAGE', value));
  const entries = fc.array(fc.oneof(bytes, plain), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(entries, fc.array(fc.nat({ max: 300 })), (fields, cuts) => {
      const rest = [text('SYSLOG_PID', '1'), binary('_EXE', Buffer.from('x')), text('OTHER', '=')];
      const all = Buffer.concat(fields.map((field, index) => entry(index, field, ...rest)));
      const at = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
      const chunks = at.slice(1).map((end, index) => all.subarray(at[index], end));
      assert.deepEqual(messagesOf(...chunks), messagesOf(all));
    }),
  );
});

test('push() cuts a value as long as a line that is cut, says so, and reads on', () => {
  const long = 'a'.repeat(MAX_LINE_BYTES + 1);
  for (const field of [text('MESSAGE', long), binary('MESSAGE', Buffer.from(long))]) {
    const all = Buffer.concat([entry(1, field), entry(2, text('MESSAGE', 'after'))]);
    const chunks = [all, ...[65_536].flatMap((size) => [all.subarray(0, size), all.subarray(size)])];
    for (const given of [[all], chunks.slice(1)]) {
      const [cut = '', after] = messagesOf(...given);
      assert.equal(cut, `${'a'.repeat(MAX_LINE_BYTES)}… [cut: the entry has ${MAX_LINE_BYTES + 1} bytes]`);
      assert.equal(after, 'after');
    }
  }
  assert.deepEqual(messagesOf(entry(1, text('MESSAGE', long.slice(1)))), [long.slice(1)]);
});

test('push() keeps no more of what never ends than of a line', () => {
  const splitter = new ExportSplitter();
  const chunk = Buffer.alloc(65_536, 'A');
  const before = process.memoryUsage();
  const entries: JournalFields[] = [];
  for (let count = 0; count < 8192; count++) splitter.push(chunk, entries);
  assert.deepEqual(entries, []);
  const after = process.memoryUsage();
  assert.ok(after.arrayBuffers - before.arrayBuffers < 8 * 1024 ** 2);
});

test('push() throws for what is no entry', () => {
  const size = Buffer.alloc(8, 0xff);
  for (const bad of [
    Buffer.from('{"__CURSOR":"s=1","MESSAGE":"a"}\n'),
    Buffer.from('-- No entries --\n'),
    Buffer.from('MESSAGE=a\n\n'),
    Buffer.from('=a\n'),
    Buffer.concat([Buffer.from('MESSAGE\n'), size]),
    Buffer.concat([binary('MESSAGE', Buffer.from('a')).subarray(0, -1), Buffer.from('b')]),
  ]) {
    assert.throws(() => split(bad), { code: 'JOURNAL_MALFORMED' }, bad.toString());
  }
});

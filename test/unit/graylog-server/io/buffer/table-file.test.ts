import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32c } from '../../../../../nodes/graylog-server/io/buffer/crc32c.ts';
import { readTable } from '../../../../../nodes/graylog-server/io/buffer/table-file.ts';
import { unsnappy } from '../../../../../nodes/graylog-server/io/buffer/unsnappy.ts';
import { openBuffer, storeFolder } from '../../../../support/record-buffer.ts';
import { range } from '../../../../support/stored-messages.ts';

/** A table that LevelDB wrote, with batches in packed and unpacked blocks. */
async function table(t: TestContext): Promise<Buffer> {
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  opened.buffer.setAway(true);
  for (const n of range(0, 20)) await opened.enqueue(n % 2 === 0 ? 'x'.repeat(300) + n : `${n} ${Math.sqrt(n)}`);
  await opened.buffer.close();
  const later = openBuffer(t, { path });
  await later.buffer.open();
  await later.buffer.close();
  const name = readdirSync(path).find((one) => one.endsWith('.ldb'));
  return readFileSync(join(path, String(name)));
}

test('the checksum is the one of the standard', () => {
  assert.equal(crc32c(Buffer.from('123456789'), 0, 9), 0xe3069283);
  assert.equal(crc32c(Buffer.alloc(32), 0, 32), 0x8a9136aa);
  assert.equal(crc32c(Buffer.from('..123456789..'), 2, 11), 0xe3069283);
});

test('a table that LevelDB wrote is sound, and its batches can be read', async (t) => {
  const content = readTable(await table(t));
  assert.equal(content.isSound, true);
  const entries = content.entries();
  assert.ok(entries.length >= 20);
  const texts = entries.map(({ value }) => value?.toString().split('\0')[1]);
  assert.ok(texts.includes(`${'x'.repeat(300)}4`));
  assert.ok(texts.includes(`7 ${Math.sqrt(7)}`));
});

test('a table with any bit turned over, cut anywhere, or with zeros is not sound, and nothing is thrown', async (t) => {
  const bytes = await table(t);
  // Between the places in the footer and its end nothing is written.
  let paddingFrom = bytes.length - 8;
  while (bytes[paddingFrom - 1] === 0) paddingFrom -= 1;
  for (let at = 0; at < bytes.length; at += 1) {
    const spoilt = Buffer.from(bytes);
    // The highest bit of the last number's last byte makes it longer, not another one.
    spoilt[at] = (spoilt[at] as number) ^ (1 << (at === paddingFrom - 1 ? 0 : at % 8));
    const content = readTable(spoilt);
    if (at < paddingFrom || at >= bytes.length - 8)
      assert.equal(content.isSound, false, `byte ${at} of ${bytes.length}`);
    content.entries();
  }
  for (let length = 0; length < bytes.length; length += 7) {
    assert.equal(readTable(bytes.subarray(0, length)).isSound, false);
    const zeros = Buffer.from(bytes).fill(0, length, Math.min(bytes.length, length + 64));
    if (length + 64 < bytes.length - 48) assert.equal(readTable(zeros).isSound, false, `zeros at ${length}`);
    readTable(zeros).entries();
  }
});

test('what is no Snappy is none, and a hostile length takes no memory', () => {
  assert.equal(unsnappy(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f])), undefined);
  assert.equal(unsnappy(Buffer.from([4, 0x01, 0x05])), undefined, 'a copy from before the beginning');
  assert.equal(unsnappy(Buffer.from([4, 0x0c, 1, 2])), undefined, 'a literal that is cut');
  assert.deepEqual(unsnappy(Buffer.from([6, 0x04, 97, 98, 0x01, 0x02])), Buffer.from('ababab'));
  assert.deepEqual(unsnappy(Buffer.from([0])), Buffer.alloc(0));
});

import assert from 'node:assert/strict';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readToMs } from '../../../../nodes/auth-log-in/io/read-to.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const LINE = '2026-11-20T10:00:00.000Z web1 sshd[7]: Failed password for bob from 192.0.2.7 port 5000 ssh2\n';
const UNREAD = LINE.replace('10:00', '11:30');
const CHANGED_MS = Date.parse('2026-11-21T00:00:00Z');

function newLog() {
  const path = join(temporaryFolder(), 'auth.log');
  writeFileSync(path, LINE + UNREAD);
  utimesSync(path, new Date(CHANGED_MS), new Date(CHANGED_MS));
  const position = (bytes: number) => ({
    path,
    files: [
      {
        device: '1',
        inode: String(statSync(path).ino),
        head: { length: 0, crc: 0 },
        position: bytes,
        modifiedMs: CHANGED_MS,
      },
    ],
    done: [],
  });
  return { path, position };
}

test('readToMs() gives when the log was last changed, where all of it was read', async () => {
  assert.equal(await readToMs(newLog().position((LINE + UNREAD).length), 'UTC'), CHANGED_MS);
});

test('readToMs() gives the time of the first line that was not read', async () => {
  assert.equal(await readToMs(newLog().position(LINE.length), 'UTC'), Date.parse('2026-11-20T11:30:00Z'));
});

test('readToMs() takes the word of the position where the file is gone or is another one', async () => {
  const { path, position } = newLog();
  const { files, ...rest } = position(LINE.length);
  const another = files.map((file) => ({ ...file, inode: '1' }));
  assert.equal(await readToMs({ ...rest, files: another }, 'UTC'), CHANGED_MS);
  assert.equal(await readToMs({ ...rest, path: `${path}.gone`, files }, 'UTC'), CHANGED_MS);
  assert.equal(await readToMs({ ...rest, files: [] }, 'UTC'), undefined);
});

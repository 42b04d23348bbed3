// Risk: a password that belongs to an address is shown, kept or sent where it does not belong.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveHttp, receiveTcp } from '../../support/graylog.ts';
import { startByScript } from '../../support/node-red.ts';

const SECRET = 's3cret-of-the-test';

/** All that the files of a user directory hold. */
function filesOf(userDir: string): string {
  return readdirSync(userDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(userDir, name))
    .filter((path) => !path.includes('node_modules') && statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

for (const from of ['the variable', 'a file'] as const) {
  test(`a password of an HTTP address in ${from} is sent to it and stands nowhere`, async (t) => {
    const authorizations = new Set<unknown>();
    const receiver = await receiveHttp(t, {
      answer: (_path, headers) => {
        authorizations.add(headers.authorization);
        return undefined;
      },
    });
    const url = `http://user:${SECRET}@127.0.0.1:${receiver.port}`;
    const file = join(temporaryFolder(), 'url');
    writeFileSync(file, `${url}\n`);
    const env = from === 'a file' ? { LOGGING_URL: '', LOGGING_URL_FILE: file } : { LOGGING_URL: url };
    const red = await startByScript(t, { env });
    await receiver.find(({ _log_type }) => _log_type === 'uptime', 30_000);
    assert.deepEqual([...authorizations], [`Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}`]);
    await red.logged(/sending to http:\/\/127\.0\.0\.1/);
    const shown = [red.log(), JSON.stringify(await red.api('/flows')), JSON.stringify(receiver.documents)];
    await red.stop();
    for (const text of [...shown, filesOf(red.userDir)]) assert.equal(text.includes(SECRET), false);
  });
}

for (const url of [
  `https://user:${SECRET}@127.0.0.1:99999`,
  `https://user:a,${SECRET}@127.0.0.1`,
  `tcp://user:${SECRET}@127.0.0.1`,
  `https://user:${SECRET}`,
]) {
  test(`${url.replace(SECRET, '…')} is refused in words that do not hold it`, async (t) => {
    const red = await startByScript(t, { env: { LOGGING_URL: url } });
    await red.logged(/\[(?:error|debug:errors)\] \[?graylog-out/);
    const flows = JSON.stringify(await red.api('/flows'));
    await red.stop();
    for (const text of [red.log(), flows, filesOf(red.userDir)]) assert.equal(text.includes(SECRET), false);
  });
}

test('a file with an address that cannot be read is said', async (t) => {
  const red = await startByScript(t, { env: { LOGGING_URL: '', LOGGING_URL_FILE: '/nowhere/url' } });
  await red.logged(/\[(?:error|debug:errors)\] \[?graylog-out.*LOGGING_URL_FILE names a file that cannot be read/);
  assert.equal(red.process.exitCode, null);
});

test('an address in a file is taken like any other', async (t) => {
  const receiver = await receiveTcp(t);
  const file = join(temporaryFolder(), 'url');
  writeFileSync(file, `tcp://127.0.0.1:${receiver.port}\n`);
  await startByScript(t, { env: { LOGGING_URL: '', LOGGING_URL_FILE: file } });
  await receiver.find(({ _log_type }) => _log_type === 'uptime', 30_000);
});

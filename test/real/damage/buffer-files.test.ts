// Risk: the buffer's files on disk are damaged.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';
import { range, storeFiles } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

for (const [what, pattern, says] of [
  ['log', /\.log$/, 'partlyLost'],
  ['manifest', /^MANIFEST/, 'damaged'],
  ['tables', /\.ldb$/, 'damaged'],
] as const) {
  test(`a store with damage in its ${what} is said to be damaged, and new messages are kept and sent`, async (t) => {
    const userDir = temporaryFolder();
    const port = await freePort();
    const url = `tcp://127.0.0.1:${port}`;
    const first = openDelivery(t, { url, userDir });
    // Enough for a table of its own beside the log.
    await first.ship(0, 20_000);
    await first.delivery.close();
    const files = storeFiles(userDir, pattern);
    assert.ok(files.length > 0, `there is a ${what}`);
    for (const file of files) {
      const bytes = readFileSync(file);
      for (let at = 20; at < bytes.length; at += 977) bytes[at] = (bytes[at] as number) ^ 0xff;
      writeFileSync(file, bytes);
    }
    const receiver = await receiveTcp(t, { port });
    const { ship, storage } = openDelivery(t, { url, userDir });
    await ship(20_000, 25_000);
    await receiver.until((all) => new Set(all.map(({ _n }) => _n)).has(24_999));
    await until(() => range(20_000, 25_000).every((n) => receiver.documents.some(({ _n }) => _n === n)));
    assert.deepEqual(receiver.faults, []);
    await until(
      () => storage.includes(says),
      10_000,
      () => `${says} among ${storage}`,
    );
    const left = readdirSync(join(userDir, 'infra-monitoring'));
    const isAside = left.some((name) => name.includes('.damaged-'));
    assert.equal(isAside, says === 'damaged', `${left}`);
  });
}

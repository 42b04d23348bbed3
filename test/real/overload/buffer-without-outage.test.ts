// Risk: work that nobody needs: messages go over the disk although the server is there.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { storeFiles } from '../../support/stored-messages.ts';

test('while the server is there nothing goes to disk, from the first message on', async (t) => {
  const receiver = await receiveTcp(t);
  const userDir = temporaryFolder();
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}`, userDir });
  await ship(0, 20_000);
  await receiver.until((all) => hasAll(all, 20_000));
  assert.equal(await delivery.close(), 0);
  assert.deepEqual(
    storeFiles(userDir, /^\d+\.(log|ldb)$/).filter((path) => statSync(path).size > 0),
    [],
  );
});

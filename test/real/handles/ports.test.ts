// Risk: msgs that name ports of their own, and redeploys, leave files and handles behind.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';
import { range } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

const RECORD = { short_message: 'x', host: 'test', timestamp: 1_795_000_000, level: 6 };
const FOLDER = '/proc/self/fd';
const linux = real('list of open files', () => existsSync(FOLDER));

const handles = (): number => readdirSync(FOLDER).length;
const filesIn = (userDir: string): number => readdirSync(join(userDir, 'infra-monitoring'), { recursive: true }).length;

test('300 ports take the handles and files of 16, and each msg for another is answered', linux, async (t) => {
  const userDir = temporaryFolder();
  const before = handles();
  const { delivery } = openDelivery(t, { url: `tcp://127.0.0.1:${await freePort()}`, userDir });
  const answers = new Map<number, string | undefined>();
  for (const n of range(0, 300)) {
    const fields = { ...RECORD, n };
    delivery.shipFields(fields, 20_000 + n, (error) => answers.set(n, error?.message));
  }
  await until(() => answers.size === 300);
  assert.equal([...answers.values()].filter((answer) => answer === 'TOO_MANY_PORTS').length, 284);
  assert.equal(delivery.counters.dropped, 284);
  assert.equal(delivery.summary.buffered, 16);
  assert.ok(handles() - before < 16 * 12, `${handles() - before} handles`);
  assert.ok(filesIn(userDir) < 16 * 12, `${filesIn(userDir)} files`);
});

test('a hundred redeploys leave handles and files as they were', { ...linux, timeout: 120_000 }, async (t) => {
  const userDir = temporaryFolder();
  const url = `tcp://127.0.0.1:${await freePort()}`;
  const redeploy = async (n: number): Promise<void> => {
    const { delivery, ship } = openDelivery(t, { url, userDir });
    await ship(n, n + 1);
    delivery.shipFields({ ...RECORD, n }, 20_000, () => undefined);
    assert.equal(await delivery.close(), 0);
  };
  for (const n of range(0, 10)) await redeploy(n);
  const before = { handles: handles(), files: filesIn(userDir) };
  for (const n of range(10, 100)) await redeploy(n);
  assert.ok(handles() - before.handles <= 2, `${before.handles} handles, then ${handles()}`);
  assert.ok(filesIn(userDir) - before.files <= 20, `${before.files} files, then ${filesIn(userDir)}`);
});

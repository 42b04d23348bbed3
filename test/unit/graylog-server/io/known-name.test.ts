import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KnownNames, type NameChange } from '../../../../nodes/graylog-server/io/known-name.ts';
import { temporaryFolder } from '../../../support/folder.ts';

/** What is told by a run that sees these names; it ends once they are kept. */
async function told(userDir: string, host: string, instance?: string): Promise<NameChange[]> {
  const changes: NameChange[] = [];
  const names = new KnownNames(userDir, 'a', (change) => changes.push(change));
  names.see('host', host);
  if (instance !== undefined) names.see('instance', instance);
  await names.close();
  return changes;
}

test('a host that has another name than before, and files from another instance, are told once', async () => {
  const userDir = temporaryFolder();
  assert.deepEqual(await told(userDir, 'web-1', 'i-1'), []);
  assert.deepEqual(await told(userDir, 'web-1', 'i-1'), []);
  assert.deepEqual(await told(userDir, 'web-2'), [{ kind: 'host', before: 'web-1', now: 'web-2' }]);
  assert.deepEqual(await told(userDir, 'web-2', 'i-2'), [{ kind: 'instance', before: 'i-1', now: 'i-2' }]);
  assert.deepEqual(await told(userDir, 'web-2', 'i-2'), []);
});

test('a server that is gone takes its file with it', async () => {
  const userDir = temporaryFolder();
  await told(userDir, 'web-1');
  const path = join(userDir, 'infra-monitoring', 'graylog-server-a-name.json');
  assert.ok(existsSync(path));
  await new KnownNames(userDir, 'a', () => undefined).close(true);
  assert.ok(!existsSync(path));
});

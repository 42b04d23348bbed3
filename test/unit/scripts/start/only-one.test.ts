import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../support/folder.ts';
import { packageRoot } from '../../../support/node-red.ts';

const MODULE = join(packageRoot, 'scripts/start/only-one.js');
const CODE = `
  const { onlyOne } = await import(${JSON.stringify(MODULE)});
  await onlyOne(${JSON.stringify(packageRoot)}, process.argv[1], console.log);
  console.log('it is mine');
  process.stdin.resume();`;

test('a second monitor of a folder waits, says so once, and goes on when the first was killed', async (t) => {
  const folder = temporaryFolder();
  const start = () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', CODE, folder]);
    t.after(() => child.kill('SIGKILL'));
    return child;
  };
  const word = async ({ stdout }: ReturnType<typeof start>): Promise<string> => String((await once(stdout, 'data'))[0]);

  const first = start();
  assert.equal(await word(first), 'it is mine\n');
  const second = start();
  assert.match(await word(second), /^Another monitor works in .*: this one waits until that has ended\n$/);
  first.kill('SIGKILL');
  assert.equal(await word(second), 'it is mine\n');
});

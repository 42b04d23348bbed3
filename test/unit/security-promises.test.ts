import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../support/node-red.ts';

const promises = readFileSync(join(packageRoot, 'SECURITY.md'), 'utf8');
const proofs = [...promises.matchAll(/`(test\/[^`]+\.test\.ts)`: "([^"]+)"/g)];

test('SECURITY.md makes its promises, each with its proof or with why there is none', () => {
  assert.equal(promises.match(/^\d+\. \*\*/gm)?.length, 17);
  assert.ok(proofs.length >= 17);
});

for (const [, file = '', name = ''] of proofs) {
  test(`SECURITY.md names a test that is there: ${name}`, () => {
    const path = join(packageRoot, file);
    assert.ok(existsSync(path), file);
    assert.ok(readFileSync(path, 'utf8').replaceAll("\\'", "'").includes(name), `${file} has a test of this name`);
  });
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageVersion } from '../../../../lib/io/package-version.ts';
import { packageRoot } from '../../../support/node-red.ts';

test('`packageVersion()` is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  assert.equal(packageVersion(), version);
});

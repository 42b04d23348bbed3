import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../support/node-red.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

/** The names of a row: `_X` after a whole name stands for its beginning with another end. */
function namesOf(cell: string): string[] {
  const names = [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name);
  return names.map((name) => (name.startsWith('_') ? `LOGGING_PORT${name}` : name));
}

test('the installer of the service takes every variable of the README, and no other', () => {
  const rows = read('README.md').matchAll(/^\| (`[A-Z][A-Z0-9_]+`[^|]*)\|/gm);
  const [, list = ''] = /^VARIABLES='([^']+)'$/m.exec(read('deploy/install.sh')) ?? [];
  const inReadme = [...rows].flatMap(([, cell = '']) => namesOf(cell));
  assert.ok(inReadme.length > 15, inReadme.join());
  assert.deepEqual(list.split(/\s+/).sort(), inReadme.sort());
});

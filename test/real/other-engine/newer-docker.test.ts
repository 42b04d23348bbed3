// Risk: the engine is of another release than the one that is installed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { real } from '../../support/real.ts';

const missing = missingForDocker(true, 'newer');
const present = { ...real(`newer Docker Engine: ${missing}`, missing === undefined), timeout: 120_000 };

test('the newer engine runs a container', present, async (t) => {
  const { docker } = await startEngine(t, true, 'newer');
  assert.equal(await docker('run', '--rm', '--network', 'none', IMAGE, 'echo', 'hi'), 'hi\n');
});

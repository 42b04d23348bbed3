import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonVersion } from '../../../nodes/docker-engine/version.ts';

test('`commonVersion()` takes the newest version that both know, else the oldest that the engine takes', () => {
  const spoken = (newestApi: string, oldestApi: string | undefined): string =>
    commonVersion({ version: undefined, newestApi, oldestApi });
  assert.equal(spoken('1.41', '1.12'), '1.41');
  assert.equal(spoken('1.99', '1.24'), '1.47');
  assert.equal(spoken('1.60', '1.50'), '1.50');
  assert.equal(spoken('1.9', undefined), '1.9');
});

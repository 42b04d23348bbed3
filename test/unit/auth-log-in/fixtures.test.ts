import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const FIXTURES = new URL('../../fixtures/auth-log-in/', import.meta.url);

/** How many cases expect the key in some record. */
function casesWith(key: string): number {
  return readdirSync(FIXTURES).filter((name) =>
    ['expected.json', 'connections.json'].some((file) => {
      const url = new URL(`${name}/${file}`, FIXTURES);
      return existsSync(url) && readFileSync(url, 'utf8').includes(`"${key}":`);
    }),
  ).length;
}

for (const key of ['event_reason', 'login_failures', 'group_name', 'connection_id']) {
  test(`at least 30 cases of auth-log-in expect ${key}`, () => {
    assert.ok(casesWith(key) >= 30, `${casesWith(key)} cases`);
  });
}

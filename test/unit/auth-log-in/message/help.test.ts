// The help tells every action and every reason that a record can have.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../support/node-red.ts';

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');
const help = read('nodes/auth-log-in/locales/en-US/auth-log-in.html');

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function assertTold(values: Iterable<string>): void {
  const missing = [...new Set(values)].filter((value) => !help.includes(`\`${value}\``));
  assert.deepEqual(missing, []);
}

test('the help of auth-log-in tells every action', () => {
  const rules = globSync('nodes/auth-log-in/message/**/*.ts', { cwd: packageRoot }).map(read);
  const cases = globSync('test/fixtures/auth-log-in/*/expected.json', { cwd: packageRoot }).map(read);
  assert.ok(rules.length > 20 && cases.length > 100);
  assertTold(rules.flatMap((text) => matches(text, /(?:event_action: |FieldSet\(|begin\()'(\w+)'/g)));
  assertTold(cases.flatMap((text) => matches(text, /"event_action": "(\w+)"/g)));
});

test('the help of auth-log-in tells every reason, and the cases have them all', () => {
  const list = /export type EventReason =([^;]+);/.exec(read('nodes/auth-log-in/message/fields.ts'))?.[1] ?? '';
  const reasons = matches(list, /'(\w+)'/g);
  assert.equal(reasons.length, 19);
  assertTold(reasons);
  const cases = globSync('test/fixtures/auth-log-in/*/expected.json', { cwd: packageRoot }).map(read);
  const seen = new Set(cases.flatMap((text) => matches(text, /"event_reason": "(\w+)"/g)));
  assert.deepEqual([...seen].sort(), [...reasons].sort());
});

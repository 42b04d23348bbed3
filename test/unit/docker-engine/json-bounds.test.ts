import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonBounds } from '../../../nodes/docker-engine/json-bounds.ts';

function look(...parts: string[]): void {
  const bounds = new JsonBounds();
  for (const part of parts) bounds.push(Buffer.from(part));
}

test('`JsonBounds` lets through what an engine answers', () => {
  look(JSON.stringify(Array.from({ length: 1_000 }, (_, id) => ({ Id: id, Labels: { a: { b: [[1, 2]] } } }))));
});

test('`JsonBounds` counts neither brackets nor commas in texts, also where an escape or a read is between', () => {
  const inner = '[{,'.repeat(400_000);
  look(`{"a":"x\\\\","b":"\\"${inner}`, `${inner}\\`, `"${inner}"}`);
});

test('`JsonBounds` refuses what is too deep, also where it is closed again at once, and what has too many values', () => {
  const refused = { code: 'ANSWER_TOO_COMPLEX' };
  assert.throws(() => look('['.repeat(101)), refused);
  assert.throws(() => look(`${'['.repeat(101)}${']'.repeat(101)}`), refused);
  assert.throws(() => look('[', '{},'.repeat(600_000)), refused);
});

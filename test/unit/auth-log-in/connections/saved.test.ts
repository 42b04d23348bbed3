import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConnectionMemory } from '../../../../nodes/auth-log-in/connections/memory.ts';
import { parseMemory } from '../../../../nodes/auth-log-in/connections/saved.ts';

test('parseMemory() takes what a memory saves', () => {
  const saved = new ConnectionMemory().save();
  assert.deepEqual(parseMemory(JSON.parse(JSON.stringify(saved))), saved);
});

test('parseMemory() gives undefined for JSON of any other shape, and what it gives can be used', () => {
  const list = fc.array(fc.array(fc.oneof(fc.string(), fc.integer(), fc.jsonValue())));
  const shape = fc.record({
    hosts: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
    connections: fc.oneof(list, fc.jsonValue()),
    sessions: list,
    speaking: fc.array(fc.string()),
    unclaimed: list,
    last: fc.tuple(fc.integer(), fc.integer(), fc.string()),
  });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), shape), (value) => {
      const parsed = parseMemory(value);
      if (parsed !== undefined) new ConnectionMemory(parsed).save();
    }),
  );
});

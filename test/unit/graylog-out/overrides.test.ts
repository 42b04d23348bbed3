import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOverrides } from '../../../nodes/graylog-out/overrides.ts';

test('`parseOverrides()` takes the port out of msg.gelf and leaves the other keys as fields', () => {
  assert.deepEqual(parseOverrides({ port: '12202', level: 3 }), { port: 12_202, fields: { level: 3 } });
});

test('`parseOverrides()` takes a port that is none as not set, and no keys as no fields', () => {
  assert.deepEqual(parseOverrides({ port: 70_000 }), { port: undefined });
  assert.deepEqual(parseOverrides({}), { port: undefined });
});

test('`parseOverrides()` takes nothing from what is no object', () => {
  for (const gelf of [undefined, null, 'text', 7]) assert.deepEqual(parseOverrides(gelf), {});
});

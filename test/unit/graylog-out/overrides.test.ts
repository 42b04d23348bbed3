import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOverrides } from '../../../nodes/graylog-out/overrides.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';

test('`parseOverrides()` takes the port out of msg.gelf and leaves the other keys as fields', () => {
  assert.deepEqual(parseOverrides({ port: '12202', level: 3 }), { port: 12_202, fields: { level: 3 } });
});

test('`parseOverrides()` takes a port that is none as not set, and no keys as no fields', () => {
  assert.deepEqual(parseOverrides({ port: 70_000 }), { port: undefined });
  assert.deepEqual(parseOverrides({}), { port: undefined });
});

test('`parseOverrides()` takes nothing from what is no object', () => {
  for (const gelf of [undefined, null, 'text', 7, [1, 2], Buffer.from('ab'), new Float64Array(2)])
    assert.deepEqual(parseOverrides(gelf), {});
});

test('`parseOverrides()` looks at no more of msg.gelf than a message has room for', () => {
  let pairs: unknown = 'x';
  for (let n = 0; n < 25; n += 1) pairs = [pairs, pairs];
  const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, n) => [`k${n}`, n]));
  const tookMs = cpuMsOf(() => {
    assert.equal(parseOverrides({ port: pairs }).port, undefined);
    assert.equal(Object.keys(parseOverrides(many).fields ?? {}).length, 1_000);
    assert.deepEqual(parseOverrides(new Array(1e7).fill(7)), {});
  });
  assert.ok(tookMs < 1_000, `${tookMs} ms`);
});

test('`parseOverrides()` keeps a key that JavaScript keeps for itself', () => {
  const { fields } = parseOverrides(JSON.parse('{"__proto__":{"polluted":1}}'));
  assert.equal(Object.getPrototypeOf(fields), Object.prototype);
});

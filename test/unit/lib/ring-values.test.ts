import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueCollector } from '../../../lib/ring-values.ts';

test('a field has its kind, the kinds of records that have it, and the last values, the latest first', () => {
  const collector = new ValueCollector();
  for (const user_name of ['root', 'admin', 'root']) collector.add({ log_type: 'auth', user_name, json_size: 3 });
  const { user_name, json_size, disk_mount, message } = collector.result();
  assert.deepEqual(user_name, { kind: 'text', values: ['root', 'admin'], log_types: ['auth'] });
  assert.deepEqual(json_size, { kind: 'number', values: ['3'], log_types: ['auth'] });
  assert.deepEqual(disk_mount, { kind: 'text', values: [], log_types: ['disk'] });
  assert.deepEqual(message, { kind: 'text', values: [], log_types: [] });
});

test('values, their length and fields are bounded, and a field may have any name', () => {
  const collector = new ValueCollector();
  for (let n = 0; n < 3_000; n += 1)
    collector.add(JSON.parse(`{"json_${n}":"x","host":"${n}${'y'.repeat(500)}","__proto__":"p"}`));
  const fields = collector.result();
  assert.equal(Object.keys(fields).length, 1_000);
  assert.equal(fields.host?.values.length, 20);
  assert.equal(fields.host?.values[0]?.length, 200);
  assert.deepEqual(Object.getOwnPropertyDescriptor(fields, '__proto__')?.value.values, ['p']);
});

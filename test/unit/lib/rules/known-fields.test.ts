import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFields, knownFields } from '../../../../lib/rules/known-fields.ts';

const names = (fields: readonly { name: string }[]): string[] => fields.map(({ name }) => name);

const ANSWER = {
  fields: {
    container_name: { kind: 'text', values: ['cache', 'web'], log_types: ['docker_log'] },
    json_shop: { kind: 'text', values: ['ams'], log_types: ['docker_log'] },
  },
};

test('knownFields() has every key of the table with its kind and the records that have it, without an answer too', () => {
  const fields = new Map(knownFields().map((field) => [field.name, field]));
  const used = fields.get('disk_used_percent');
  assert.deepEqual([used?.kind, used?.logTypes, used?.values], ['fraction', ['disk'], []]);
  assert.deepEqual(fields.get('event_action')?.logTypes, ['docker_event', 'auth', 'uptime']);
  assert.deepEqual(fields.get('node_state')?.logTypes, ['node_status']);
});

test('knownFields() has what was seen: values, and fields that no table knows', () => {
  const fields = new Map(knownFields(ANSWER).map((field) => [field.name, field]));
  assert.deepEqual(fields.get('container_name')?.values, ['cache', 'web']);
  assert.deepEqual(fields.get('json_shop')?.logTypes, ['docker_log']);
});

for (const answer of [null, 7, 'text', [], {}, { fields: 7 }, { fields: { container_name: null } }]) {
  test(`knownFields() takes ${JSON.stringify(answer)} for an answer without values`, () => {
    assert.ok(names(knownFields(answer)).includes('container_name'));
  });
}

test('knownFields() tells fields that differ in nearly every record', () => {
  const seen = { fields: { user_name: { values: Array.from({ length: 40 }, (_, index) => `user${index}`) } } };
  const many = new Map(knownFields(seen).map(({ name, hasManyValues }) => [name, hasManyValues]));
  for (const name of ['message', 'process_id', 'source_port', 'container_id', 'disk_used_percent', 'user_name'])
    assert.equal(many.get(name), true, name);
  for (const name of ['source_ip', 'container_name', 'disk_mount', 'check_name', 'host', 'level'])
    assert.equal(many.get(name), false, name);
});

test('findFields() puts names that begin with what is typed first, then what flows into the node, then what was seen', () => {
  const fields = knownFields(ANSWER);
  assert.deepEqual(names(findFields(fields, 'container_n', [])), ['container_name', 'container_name_before']);
  assert.equal(names(findFields(fields, 'cont', []))[0], 'container_name');
  assert.equal(names(findFields(fields, 'LOGIN', []))[0], 'login_failures');
  assert.ok(
    names(findFields(fields, '', ['disk'])).every((name) => name.startsWith('disk_') || /^container/.test(name)),
  );
  assert.deepEqual(findFields(fields, 'no such field', []), []);
});

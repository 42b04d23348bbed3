import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tlsOptions } from '../../../lib/tls-config.ts';

const nodes = {
  getNode: (id: string): unknown =>
    ({
      good: { valid: true, addTLSOptions: (options: object) => ({ ...options, ca: 'authority' }) },
      broken: { valid: false, addTLSOptions: () => ({}) },
      other: { type: 'docker-engine' },
    })[id] ?? null,
};

test('`tlsOptions()` gives the options of the tls-config node, and none where no node is named', () => {
  assert.deepEqual(tlsOptions(nodes, 'good'), { ca: 'authority' });
  for (const id of [undefined, null, '']) assert.deepEqual(tlsOptions(nodes, id), {});
});

test('`tlsOptions()` refuses a node that is missing, of another type, or could not read its files', () => {
  for (const id of ['missing', 'other', 'broken']) {
    assert.throws(() => tlsOptions(nodes, id), { code: 'BAD_TLS_CONFIG' }, id);
  }
});

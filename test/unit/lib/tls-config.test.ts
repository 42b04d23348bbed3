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

test('`tlsOptions()` refuses a node whose uploaded files Node-RED could not decrypt', () => {
  const options = (config: object, has: object): unknown => {
    const node = { valid: true, addTLSOptions: () => ({ given: true }), ...has };
    return tlsOptions({ getNode: () => node, eachNode: (hear) => hear({ id: 't', ...config }) }, 't');
  };
  const lost = { code: 'CREDENTIALS_MISSING' };
  assert.throws(() => options({ caname: 'ca.pem' }, {}), lost);
  assert.throws(() => options({ certType: 'files', certname: 'c.pem', keyname: 'k.pem' }, { key: 'k' }), lost);
  assert.throws(() => options({ certType: 'pfx', p12name: 'c.p12' }, {}), lost);
  const given = { given: true };
  assert.deepEqual(options({ caname: 'ca.pem' }, { ca: 'authority' }), given);
  assert.deepEqual(options({ ca: '/etc/ca.pem', caname: '' }, { ca: 'authority' }), given);
  assert.deepEqual(options({ certType: 'env', caname: 'of another type' }, {}), given);
  assert.deepEqual(options({ certType: 'files', p12name: 'of another type' }, {}), given);
});

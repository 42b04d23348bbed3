import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsOf, pendingOf } from '../../../../plugins/monitoring-page/digest/alert-reports.ts';
import { axisTop } from '../../../../plugins/monitoring-page/view/chart-data.ts';

test('an alert says what may ring soon, and nothing else says so', () => {
  const pending = [{ key: 'shop', sinceMs: 5, dueMs: undefined, count: 2, of: 3 }, { sinceMs: 4 }, null, 7];
  assert.deepEqual(pendingOf({ id: 'a', name: 'endpoint down', service: { pending } }), [
    { node: 'a', name: 'endpoint down', key: 'shop', sinceMs: 5, dueMs: null, count: 2, of: 3 },
  ]);
  for (const node of [
    null,
    undefined,
    {},
    { id: 'a' },
    { id: 'a', service: { pending: 'x' } },
    { service: { pending } },
  ])
    assert.deepEqual(pendingOf(node), []);
});

test('limits come from alerts for the record that a series stands for, and from the disks’ own settings', () => {
  const asked: unknown[] = [];
  const service = {
    limitsOf: (field: string, record: object) => {
      asked.push([field, record]);
      return field === 'memory_used_percent' ? [{ value: 90, severity: 'error' }, { value: 'x' }] : [];
    },
  };
  const limits = limitsOf([{ service }, null, { service: {} }], [{ warning: '80', critical: '90' }]);
  assert.deepEqual(limits('memory_used_percent'), [{ value: 90, isBad: true }]);
  assert.deepEqual(limits('disk_used_percent /data x'), [
    { value: 80, isBad: false },
    { value: 90, isBad: true },
  ]);
  assert.deepEqual(limits('http_response_time_ms shop'), []);
  assert.deepEqual(asked, [
    ['memory_used_percent', { log_type: 'uptime' }],
    ['disk_used_percent', { log_type: 'disk', disk_mount: '/data x' }],
    ['http_response_time_ms', { log_type: 'http_check', check_name: 'shop' }],
  ]);
});

test('nodes of disks that differ have no common limit, and what is no share of a disk is none', () => {
  const limits = (...settings: object[]) => limitsOf([], settings)('disk_used_percent /');
  assert.deepEqual(limits({ warning: '80', critical: '90' }, { warning: '70', critical: '90' }), []);
  assert.deepEqual(limits({ warning: '', critical: 'LIMIT' }), []);
  assert.deepEqual(limits(), []);
});

test('an axis shows the limits, but not those that are far above all values', () => {
  assert.equal(axisTop(3, [{ value: 8 }]), 10);
  assert.equal(axisTop(3, [{ value: 800 }]), 4);
  assert.equal(axisTop(null, [{ value: 8 }]), 1);
});

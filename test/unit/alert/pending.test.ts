import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartLimits } from '../../../nodes/alert/chart-limit.ts';
import { AlertCore } from '../../../nodes/alert/core.ts';
import { pendingAlerts } from '../../../nodes/alert/pending.ts';
import { createRule } from '../../../nodes/alert/rule.ts';
import type { AlertMsg } from '../../../nodes/alert/say/alert-record.ts';
import { readSettings } from '../../../nodes/alert/settings.ts';

const START = Date.parse('2026-11-26T03:00:00Z');
const MINUTE = 60_000;
const pattern = (source: string, flags: string) => (text: string) => new RegExp(source, flags).test(text);

function ruleOf(config: object) {
  const settings = readSettings({ name: 'a', severity: 'error', only: { mode: 'all', rules: [] }, ...config }, 'UTC');
  const rule = createRule(settings, { pattern, isPaused: () => false });
  let ids = 0;
  const core = new AlertCore(
    { ...settings, rule, createId: () => `${++ids}`, isHeld: () => false, speak: () => ({}) as AlertMsg },
    START,
  );
  const take = (record: object, atMs: number): void =>
    core.take({ time: new Date(atMs).toISOString(), ...record }, atMs);
  return {
    ...{ settings, rule, take },
    pending: (atMs: number) => pendingAlerts(core.engine.entries, settings.rings, atMs),
  };
}

test('what is bad for too short a time is pending, with the time at which it rings, until it rings or is good', () => {
  const limit = { kind: 'limit', field: 'memory_used_percent', startOperator: 'above', limit: '90', forSeconds: '300' };
  const { take, pending } = ruleOf(limit);
  assert.deepEqual(pending(START), []);
  take({ memory_used_percent: 95.5 }, START);
  const [one] = pending(START + MINUTE);
  assert.deepEqual(one, { key: '', sinceMs: START, dueMs: START + 5 * MINUTE, count: undefined, of: undefined });
  take({ memory_used_percent: 50.5 }, START + 2 * MINUTE);
  assert.deepEqual(pending(START + 2 * MINUTE), []);
  take({ memory_used_percent: 95.5 }, START + 3 * MINUTE);
  take({ memory_used_percent: 95.5 }, START + 9 * MINUTE);
  assert.deepEqual(pending(START + 9 * MINUTE), [], 'it rings');
});

test('where samples are counted it is said how many there are', () => {
  const state = { kind: 'state', field: 'check_state', bad: 'down', good: 'up', each: ['check_name'], forSamples: '3' };
  const { take, pending } = ruleOf(state);
  take({ check_name: 'shop', check_state: 'down' }, START);
  take({ check_name: 'api', check_state: 'up' }, START);
  take({ check_name: 'shop', check_state: 'down' }, START + MINUTE);
  assert.deepEqual(
    pending(START + MINUTE).map(({ key, count, of }) => [key, count, of]),
    [['shop', 2, 3]],
  );
});

test('a count is pending from half of the way on', () => {
  const count = { kind: 'count', counts: 'records', each: ['source_ip'], threshold: '5', windowSeconds: '60' };
  const { take, pending } = ruleOf(count);
  for (let turn = 0; turn < 3; turn += 1) take({ source_ip: '203.0.113.21' }, START + turn);
  take({ source_ip: '203.0.113.99' }, START + 4);
  assert.deepEqual(
    pending(START + 10).map(({ key, count: counted, of }) => [key, counted, of]),
    [['203.0.113.21', 3, 5]],
  );
  for (let turn = 0; turn < 3; turn += 1) take({ source_ip: '203.0.113.21' }, START + 20 + turn);
  assert.deepEqual(pending(START + 30), [], 'it rings');
});

test('of very many keys a few are given', () => {
  const { take, pending } = ruleOf({ kind: 'state', field: 's', bad: 'x', good: 'y', each: ['k'], forSeconds: '60' });
  for (let turn = 0; turn < 500; turn += 1) take({ k: `${turn}`, s: 'x' }, START + turn);
  const found = pending(START + 600);
  assert.equal(found.length, 20);
  assert.equal(found[0]?.key, '0');
});

test('a limit is one of its field only, and where its rows are known to fit', () => {
  const config = {
    kind: 'limit',
    field: 'http_response_time_ms',
    startOperator: 'above',
    limit: '500',
    critical: '900',
  };
  const limitsFor = (more: object, field: string, record: object) => {
    const { settings, rule } = ruleOf({ ...config, ...more });
    return chartLimits(settings, rule.engine.only, field, record as never).map(({ value }) => value);
  };
  const check = { log_type: 'http_check', check_name: 'shop' };
  const only = (field: string, value: string) => ({ only: { mode: 'all', rules: [{ field, operator: 'is', value }] } });
  assert.deepEqual(limitsFor({}, 'http_response_time_ms', check), [500, 900]);
  assert.deepEqual(limitsFor({}, 'cpu_percent', { log_type: 'uptime' }), []);
  assert.deepEqual(limitsFor(only('check_name', 'shop'), 'http_response_time_ms', check), [500, 900]);
  assert.deepEqual(limitsFor(only('check_name', 'api'), 'http_response_time_ms', check), []);
  assert.deepEqual(limitsFor(only('site', 'ams'), 'http_response_time_ms', check), [], 'it is not known');
});

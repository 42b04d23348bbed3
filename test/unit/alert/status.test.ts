import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlertView, shortened, statusOf } from '../../../nodes/alert/status.ts';
import { alertWords } from '../../support/alert-bench.ts';

const SINCE = Date.parse('2026-11-26T02:14:00Z');
const calm: AlertView = {
  firing: [],
  fitting: 5,
  notices: {},
  field: 'disk_used_precent_of_all_disks',
  each: 'source_ip, container_name',
  silentUntilMs: undefined,
  heldBy: undefined,
  isPaused: false,
  isWired: true,
  nearest: undefined,
  threshold: 0,
  due: undefined,
};
const firing = (text: string) => ({
  key: { id: text, text },
  firing: { id: 'x', sinceMs: SINCE, severity: 'error' as const, value: undefined, count: 1, record: {} },
});

function shown(view: Partial<AlertView>): string {
  const { key, args, state } = statusOf({ ...calm, ...view }, 'UTC');
  const text = alertWords(`status.${key}`, args);
  assert.ok(text.length <= 24, `${text} has ${text.length} characters`);
  return `${state}: ${text}`;
}

test('the status says what matters most, in at most 24 characters', () => {
  const many = Array.from({ length: 1_000 }, (_, n) => firing(String(n)));
  const until = Date.parse('2026-11-26T14:30:00Z');
  const nearest = (text: string, value: number) => ({ nearest: { key: { id: text, text }, value }, threshold: 5 });
  const rows: [Partial<AlertView>, string][] = [
    [{}, 'ok: ok'],
    [{ fitting: 0 }, 'idle: no record yet'],
    [{ firing: [firing('web')] }, 'bad: web, since 02:14'],
    [{ firing: [firing('')] }, 'bad: 1 firing, since 02:14'],
    [{ firing: [firing('/var/lib/docker/overlay2/merged')] }, 'bad: /var/…erged, since 02:14'],
    [{ firing: many }, 'bad: 1000 firing, since 02:14'],
    [{ silentUntilMs: until }, 'idle: silent to 14:30'],
    [{ silentUntilMs: until, firing: many }, 'idle: 1000 silent to 14:30'],
    [{ silentUntilMs: Number.POSITIVE_INFINITY }, 'idle: always silent'],
    [{ heldBy: 'the engine of docker is away' }, 'idle: held by the engi…is away'],
    [{ isPaused: true }, 'idle: paused: Graylog away'],
    [{ isWired: false }, 'warning: goes nowhere'],
    [{ notices: { 'no-field': 20 }, fitting: 20 }, 'fault: no field "disk_u…_disks"'],
    [{ notices: { 'no-field': 20 }, fitting: 90 }, 'ok: ok'],
    [{ notices: { 'not-a-number': 12 } }, 'warning: 12 not a number'],
    [{ notices: { 'no-key': 12 } }, 'warning: 12 without source…_name'],
    [nearest('203.0.113.21', 3), 'warning: 3 of 5, 203.0.113.21'],
    [nearest('', 3), 'warning: 3 of 5'],
    [{ ...nearest('', 3), notices: { 'no-key': 12 } }, 'warning: 3 of 5'],
    [{ ...nearest('', 3), isWired: false }, 'warning: goes nowhere'],
    [nearest('a', 1), 'ok: ok'],
    [{ due: { key: '', dueMs: until } }, 'warning: rings at 14:30'],
    [{ due: { key: 'shop', dueMs: until } }, 'warning: shop, rings 14:30'],
    [{ due: { key: '/var/lib/docker', dueMs: until } }, 'warning: /var/…cker, rings 14:30'],
    [{ due: { key: 'shop', dueMs: until }, firing: [firing('web')] }, 'bad: web, since 02:14'],
  ];
  for (const [view, text] of rows) assert.equal(shown(view), text);
});

test('a text that is too long is cut in its middle, not within a character', () => {
  assert.equal(shortened('abcdefghij', 5), 'ab…ij');
  assert.equal(shortened('a🔔cdefghij', 5), 'a…ij');
  assert.equal(shortened('abc', 5), 'abc');
});

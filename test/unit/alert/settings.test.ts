import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MonitoringError } from '../../../lib/errors.ts';
import { readSettings } from '../../../nodes/alert/settings.ts';
import { explained } from '../../support/explained.ts';

function faultOf(config: object): string {
  try {
    readSettings(config, 'Europe/Berlin');
    return '';
  } catch (error) {
    assert.ok(error instanceof MonitoringError, String(error));
    const words = explained(error);
    assert.ok(!words.includes('__') && !words.startsWith('error.'), words);
    return words;
  }
}

const STATE = { kind: 'state', field: 's', bad: 'down', good: 'up' };
const LIMIT = { kind: 'limit', field: 'v', startOperator: 'above', limit: '80' };

test('a sound alert of each kind is read, in ms', () => {
  assert.equal(faultOf(STATE), '');
  const { rings } = readSettings({ ...LIMIT, end: '75.5', forSeconds: '90' }, 'UTC');
  assert.deepEqual(rings.kind === 'limit' && [rings.limit, rings.end, rings.forMs], [80, 75.5, 90_000]);
  assert.equal(faultOf({ kind: 'count' }), '');
  assert.equal(faultOf({ kind: 'match' }), '');
  assert.equal(faultOf({ kind: 'absence', expected: 'a, b', activeFrom: '08:00', activeTo: '18:00' }), '');
});

test('each wrong property is a fault that names it', () => {
  const rows: [object, RegExp][] = [
    [{}, /^bad: there is no value/],
    [{ ...STATE, kind: 'x' }, /^kind: there is no choice "x"/],
    [{ ...STATE, field: ' ' }, /^field: there is no name/],
    [{ ...STATE, good: 'up, down' }, /^good: "down" is among the bad/],
    [{ ...LIMIT, limit: '1,5' }, /^limit: write 1\.5 with a point/],
    [{ ...LIMIT, limit: '' }, /^limit: there is no value/],
    [{ ...LIMIT, limit: '0x10' }, /^limit: "0x10" is not a number/],
    [{ ...LIMIT, end: '85' }, /^end: 85 is on the wrong side of the limit 80/],
    [{ ...LIMIT, startOperator: 'at-most', end: '75' }, /^end: 75 is on the wrong side/],
    [{ ...LIMIT, critical: '70' }, /^critical: 70 comes before the limit 80/],
    [{ ...STATE, forSeconds: '-1' }, /^forSeconds: -1 is not from 0/],
    [{ ...STATE, forSamples: '1.5' }, /^forSamples: 1\.5 is not a whole number/],
    [{ ...STATE, remindMinutes: '0.5' }, /^remindMinutes: 0\.5 is not from 1/],
    [{ ...STATE, severity: 'bad' }, /^severity: there is no choice/],
    [{ ...STATE, name: 'a', heldBy: 'a' }, /^heldBy: an alert cannot hold itself back/],
    [{ kind: 'count', threshold: '0' }, /^threshold: 0 is not from 1/],
    [{ kind: 'count', counts: 'sum' }, /^countField: there is no name/],
    [{ kind: 'count', counts: 'distinct', countField: 'u', threshold: '5000' }, /^threshold: 5000/],
    [{ kind: 'match', ends: 'record' }, /^endRules: say which record/],
    [{ kind: 'absence', activeFrom: '25:00' }, /^activeFrom, row 1: "25:00" is no time/],
    [{ ...STATE, silences: [{ days: [], from: '22:00', to: '6', zone: '' }] }, /^silences, row 1: "6" is no time/],
    [{ ...STATE, silences: [{ days: [], from: '24:00', to: '06:00' }] }, /^silences, row 1: "24:00"/],
    [{ ...STATE, silences: [{ days: ['Montag'], from: '22:00', to: '06:00' }] }, /"Montag" is no day/],
    [
      { ...STATE, silences: [{ days: [], from: '22:00', to: '06:00', zone: 'Mars/Base' }] },
      /no time zone "Mars\/Base"/,
    ],
    [{ ...STATE, only: { rules: [{ field: '', operator: 'is', value: 'x' }] } }, /^rule 1 names no field/],
    [{ ...STATE, each: 7 }, /^each: this is not a list/],
  ];
  for (const [config, words] of rows) assert.match(faultOf(config), words);
});

test('an end that starts nothing is taken, also where only whole numbers make it so', () => {
  assert.equal(faultOf({ ...LIMIT, field: 'exit_code', limit: '0', end: '1' }), '');
  assert.match(faultOf({ ...LIMIT, field: 'exit_code', limit: '0', end: '2' }), /wrong side/);
  assert.match(faultOf({ ...LIMIT, field: 'used_percent', limit: '0', end: '1' }), /wrong side/);
  assert.equal(faultOf({ ...LIMIT, end: '80' }), '');
});

test('a window without a zone has that of the host', () => {
  const silences = [{ days: ['mon'], from: '22:00', to: '06:00', zone: '' }];
  const settings = readSettings({ ...STATE, silences }, 'Europe/Berlin');
  assert.deepEqual(settings.silences, [{ days: ['mon'], from: 1_320, to: 360, zone: 'Europe/Berlin' }]);
});

test('whatever a flow holds is settings or a MonitoringError', () => {
  const names = [
    'kind',
    'field',
    'bad',
    'limit',
    'only',
    'each',
    'silences',
    'threshold',
    'activeDays',
    'text',
    'endRules',
  ];
  const config = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.jsonValue(), fc.constantFrom('limit', 'count', 'match')),
  );
  fc.assert(fc.property(config, (one) => void faultOf(one)));
});

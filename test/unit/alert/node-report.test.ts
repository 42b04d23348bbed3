import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS_FAULT } from '../../../lib/status.ts';
import { isOfGoneNode, recordOfPayload, recordOfReport } from '../../../nodes/alert/node-report.ts';
import { AlertBench, HOUR, MINUTE } from '../../support/alert-bench.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const source = { id: 'n1', type: 'http-check', name: 'web' };
const stateOf = (fill: unknown): unknown => recordOfReport({ status: { fill, text: 'x', source } }, NOW)?.node_state;

test('the fill of a status is the state of its node; blue is none, a cleared one is ok', () => {
  assert.deepEqual(['green', 'grey', 'yellow', 'red', 'blue', undefined].map(stateOf), [
    'ok',
    'ok',
    'warning',
    'fault',
    undefined,
    'ok',
  ]);
});

test('a Catch msg is a record with the words and the code of the error', () => {
  const record = recordOfReport({ error: { message: 'it broke', source, cause: { code: 'ECONNREFUSED' } } }, NOW);
  assert.deepEqual(record, {
    message: 'web: it broke',
    time: '2026-11-26T12:00:00.000Z',
    node_id: 'n1',
    node_type: 'http-check',
    node_name: 'web',
    error_message: 'it broke',
    error_code: 'ECONNREFUSED',
  });
});

test('the class that Node-RED writes before the words of an error is none of them, but one that says more stays', () => {
  const wordsOf = (message: string) => recordOfReport({ error: { message, source } }, NOW)?.error_message;
  assert.equal(wordsOf('Error: it broke'), 'it broke');
  assert.equal(wordsOf('TypeError: it is no function'), 'TypeError: it is no function');
});

test('the statuses of alerts and filters are no reports, nor is a record that has a status of its own', () => {
  for (const type of ['alert', 'record-filter'])
    assert.equal(recordOfReport({ status: { fill: 'red', source: { ...source, type } } }, NOW), undefined);
  assert.equal(recordOfReport({ status: 200, payload: {} }, NOW), undefined);
});

test('an alert about a node says which, so that a notify is not told of itself', () => {
  const bench = new AlertBench({
    kind: 'state',
    preset: 'node',
    field: 'node_state',
    bad: 'fault',
    good: 'ok',
    each: ['node_name'],
  });
  const told = { id: 'n2', type: 'notify', name: 'slack' };
  bench.take({ ...recordOfReport({ status: { fill: 'red', text: 'HTTP 404', source: told } }, NOW) });
  assert.equal(bench.told[0]?.about, 'n2');
  assert.equal(bench.last.node_type, 'notify');
  assert.equal(bench.last.message, 'firing: x, slack: node_state is fault');
});

test('a payload is a record where it is an object, a text or a number', () => {
  assert.deepEqual(recordOfPayload('a line'), { message: 'a line' });
  assert.deepEqual(recordOfPayload(7), { payload: 7 });
  for (const none of [undefined, null, [1]]) assert.equal(recordOfPayload(none), undefined);
});

const RED_FOR_5_MINUTES = {
  ...{ kind: 'state', preset: 'node', field: 'node_state', bad: 'fault', good: 'ok, warning', each: ['node_name'] },
  ...{ forSeconds: '300', text: '{{message}}' },
};
const away = { id: 'n3', type: 'graylog-out', name: 'graylog' };
const saying = (fill: string, text: string, nowMs: number) => ({
  ...recordOfReport({ status: { fill, text, source: away } }, nowMs),
});

test('a status that is said once and stays is confirmed by time alone, over restarts too', () => {
  const bench = new AlertBench(RED_FOR_5_MINUTES);
  bench.take(saying('red', 'no answer', bench.nowMs));
  bench.pass(2 * MINUTE);
  bench.deploy();
  bench.pass(2 * MINUTE);
  bench.keep();
  bench.kill(HOUR);
  assert.deepEqual(bench.story, [], 'the time that it was off does not count');
  bench.pass(MINUTE);
  assert.deepEqual(bench.story, ['firing graylog']);
  assert.equal(bench.last.message, 'firing: x, graylog: graylog: no answer');
  bench.take(saying('green', 'sending', bench.nowMs));
  assert.deepEqual(bench.story, ['firing graylog', 'resolved graylog']);
});

test('a status that is red for less is told to nobody, and one that is blue meanwhile changes nothing', () => {
  const bench = new AlertBench(RED_FOR_5_MINUTES);
  bench.take(saying('red', 'no answer', bench.nowMs));
  bench.pass(4 * MINUTE);
  bench.take(saying('green', 'sending', bench.nowMs));
  bench.pass(10 * MINUTE);
  assert.deepEqual(bench.story, []);
  bench.take(saying('red', 'no answer', bench.nowMs));
  bench.pass(4 * MINUTE);
  bench.take(saying('blue', 'connecting', bench.nowMs));
  bench.pass(MINUTE);
  assert.deepEqual(bench.story, ['firing graylog']);
});

test('the error that goes with a status is told from one that no status shows', () => {
  const error = { message: 'no socket', source: away };
  assert.equal(recordOfReport({ error, [STATUS_FAULT]: true }, NOW)?.node_state, 'fault');
  assert.equal(recordOfReport({ error }, NOW)?.node_state, undefined);
});

test('what a node said that is gone is over; one of its name and type stands for it', () => {
  const bench = new AlertBench({ ...RED_FOR_5_MINUTES, forSeconds: '0' });
  const forget = (...nodes: { id: string; type: string; name?: string }[]): void => {
    bench.core.forgetGone((record) => isOfGoneNode(record, nodes), bench.nowMs);
    bench.settle();
  };
  bench.take(saying('red', 'no answer', bench.nowMs));
  forget({ id: 'n3', type: 'graylog-out', name: 'renamed' });
  forget({ id: 'n4', type: 'graylog-out', name: 'graylog' });
  assert.deepEqual(bench.story, ['firing graylog']);
  forget({ id: 'n4', type: 'graylog-out' }, { id: 'n5', type: 'notify', name: 'graylog' });
  assert.deepEqual(bench.story, ['firing graylog', 'resolved graylog']);
});

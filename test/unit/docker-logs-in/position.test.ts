import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nanosOf } from '../../../lib/docker/time.ts';
import { mayHaveMore, reachesBack, sinceOf } from '../../../nodes/docker-logs-in/position.ts';

const stamp = (number: number): string => `2026-11-23T18:00:00.${String(number).padStart(9, '0')}Z`;

test('`sinceOf()` starts at the oldest unfinished line, else a second before the newest', () => {
  assert.equal(sinceOf({}, '1700000000000000001'), '1700000000.000000001');
  const at = (seconds: number): string => `2026-11-23T18:00:0${seconds}.000000005Z`;
  const second = Date.parse('2026-11-23T18:00:00Z') / 1000;
  assert.equal(sinceOf({ out: [at(3), 1], err: [at(7), 1] }, '0'), `${second + 6}.000000005`);
  assert.equal(sinceOf({ out: [at(3), 1], err: [at(7), 1], pending: at(5) }, '0'), `${second + 4}.000000005`);
});

test('`reachesBack()` is true where nothing is missing before the first line', () => {
  const position = { out: [stamp(5), 1] as const, err: [stamp(3), 1] as const };
  assert.ok(reachesBack(position, stamp(4)));
  assert.ok(!reachesBack(position, stamp(5)));
  assert.ok(!reachesBack({ ...position, pending: stamp(4) }, stamp(4)));
  assert.ok(!reachesBack({}, stamp(1)));
});

test('`mayHaveMore()` is true once for every end of a container', () => {
  const end = '2026-11-23T18:00:05.5Z';
  const first = nanosOf('2026-11-23T18:00:00Z') ?? '';
  assert.ok(mayHaveMore({}, end, first));
  assert.ok(!mayHaveMore({ finished: end }, end, first));
  assert.ok(!mayHaveMore({}, '2026-11-23T17:00:00Z', first));
  assert.ok(!mayHaveMore({}, '0001-01-01T00:00:00Z', first));
});

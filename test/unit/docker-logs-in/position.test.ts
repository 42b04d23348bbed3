import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nanosOf } from '../../../lib/docker/time.ts';
import {
  beginsAfter,
  earlierRun,
  LinesAgain,
  mayHaveMore,
  reachesBack,
  sinceOf,
} from '../../../nodes/docker-logs-in/position.ts';

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
  const run = (finished: string, started = '2026-11-23T16:00:00Z') => ({ StartedAt: started, FinishedAt: finished });
  assert.ok(mayHaveMore({}, run(end), first));
  assert.ok(!mayHaveMore({ finished: end }, run(end), first));
  assert.ok(!mayHaveMore({}, run('2026-11-23T17:00:00Z'), first));
  assert.ok(!mayHaveMore({}, run('0001-01-01T00:00:00Z'), first));
});

test('`mayHaveMore()` and `earlierRun()` know a run that an engine began with a clock that was behind', () => {
  const position = { out: [stamp(5), 1] as const, started: '2026-11-23T17:59:00Z', finished: '2026-11-23T18:00:01Z' };
  const behind = { StartedAt: '2026-11-23T12:00:00Z', FinishedAt: '2026-11-23T12:00:03Z' };
  assert.ok(mayHaveMore(position, behind, '0'));
  assert.equal(earlierRun(position, behind.StartedAt), '1795435200000000000');
  assert.equal(earlierRun({ ...position, started: behind.StartedAt }, behind.StartedAt), undefined);
  assert.equal(earlierRun({ ...position, started: undefined }, behind.StartedAt), undefined, 'not known');
  assert.equal(earlierRun(position, '2026-11-23T19:00:00Z'), undefined, 'as ever');
});

test('`beginsAfter()` is true where the last line that was handed on did not come again', () => {
  const position = { out: [stamp(5), 1] as const, err: [stamp(3), 1] as const };
  assert.ok(!beginsAfter(position, stamp(5)));
  assert.ok(beginsAfter(position, stamp(6)));
  assert.ok(!beginsAfter({}, stamp(6)));
});

test('lines that come again are known by their place in the log, and what follows them is new whatever its stamp is', () => {
  const has = (lines: readonly [number, number][]): boolean[] => {
    const again = new LinesAgain([stamp(5), 2]);
    return lines.map(([nanos, index]) => again.has(stamp(nanos), index));
  };
  assert.deepEqual(
    has([
      [4, 0],
      [5, 0],
      [5, 1],
      [5, 2],
      [6, 0],
    ]),
    [true, true, true, false, false],
  );
  assert.deepEqual(
    has([
      [4, 0],
      [5, 0],
      [5, 1],
      [2, 0],
      [3, 0],
    ]),
    [true, true, true, false, false],
  );
  assert.deepEqual(
    has([
      [4, 0],
      [6, 0],
    ]),
    [true, false],
    'the line itself is gone',
  );
});

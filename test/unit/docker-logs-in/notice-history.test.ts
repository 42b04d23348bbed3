import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoticeHistory } from '../../../nodes/docker-logs-in/notice-history.ts';

test('a notice is new once for each kind, container and text', () => {
  const history = new NoticeHistory();
  const says = (...notice: [string, string, string]): boolean => history.isNew(...notice);
  assert.deepEqual([says('broken', 'a', 'x'), says('broken', 'a', 'x')], [true, false]);
  assert.deepEqual([says('missed', 'a', 'x'), says('broken', 'b', 'x'), says('broken', 'a', 'y')], [true, true, true]);
});

test('the history does not grow without bound', () => {
  const history = new NoticeHistory();
  assert.ok(history.isNew('broken', 'first', 'x'));
  for (let number = 0; number < 1_100; number += 1) history.isNew('broken', String(number), 'x');
  assert.ok(history.isNew('broken', 'first', 'x'));
});

test('of one container ten notices of a kind are said, whatever they say', () => {
  const history = new NoticeHistory();
  const said = Array.from({ length: 900 }, (_, number) => history.isNew('engine', 'a', String(number)));
  assert.equal(said.filter(Boolean).length, 10);
  assert.ok(history.isNew('engine', 'b', 'x'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlankCount } from '../../../nodes/docker-logs-in/blank-count.ts';

test('blank lines are told at once, then once an hour, each once', () => {
  const blanks = new BlankCount();
  assert.equal(blanks.due(0), undefined);
  blanks.add();
  assert.equal(blanks.due(1_000), 1);
  blanks.add();
  blanks.add();
  assert.equal(blanks.due(3_600_000), undefined);
  assert.equal(blanks.due(3_601_000), 2);
  assert.equal(blanks.due(9_000_000), undefined);
});

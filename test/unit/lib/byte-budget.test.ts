import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteBudget } from '../../../lib/byte-budget.ts';

test('a budget gives no more than it has, and again what it got back', () => {
  const budget = new ByteBudget(10);
  assert.ok(budget.take(7));
  assert.ok(!budget.take(4));
  assert.equal(budget.held, 7);
  budget.release(7);
  assert.ok(budget.take(10));
});

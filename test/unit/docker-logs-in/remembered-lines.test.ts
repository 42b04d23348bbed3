import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RememberedLines } from '../../../nodes/docker-logs-in/remembered-lines.ts';
import { stampAt } from '../../support/docker-lines.ts';

test('a line is known from its second time on, until none before it can be missing', () => {
  const known = new RememberedLines();
  assert.ok(!known.isKnown(1, stampAt(1), 0));
  assert.ok(known.isKnown(1, stampAt(1), 0));
  assert.ok(!known.isKnown(2, stampAt(1), 0));
  assert.ok(!known.isKnown(1, stampAt(1), 1));
  known.ask();
  assert.ok(!known.isKnown(1, stampAt(2), 0), 'it came after the question');
  assert.ok(known.isKnown(1, stampAt(1), 0));
  known.forget();
  assert.ok(known.isKnown(1, stampAt(2), 0));
  assert.ok(!known.isKnown(1, stampAt(1), 0));
});

test('more lines than fit are forgotten rather than held', () => {
  const known = new RememberedLines();
  for (let number = 0; number <= 400_000; number += 1) known.isKnown(1, stampAt(number), 0);
  assert.ok(!known.isKnown(1, stampAt(0), 0));
});

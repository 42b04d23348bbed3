import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globMatcher } from '../../../lib/glob.ts';

test('`globMatcher()` takes * for any text, also across lines, and everything else as it is', () => {
  assert.ok(globMatcher(['web-*'])('web-1'));
  assert.ok(globMatcher(['a*c'])('a\nc'));
  assert.ok(!globMatcher(['web-*'])('my-web-1'));
  assert.ok(globMatcher(['a.b', 'other'])('a.b'));
  assert.ok(!globMatcher(['a.b'])('axb'));
  assert.ok(globMatcher(['(x)[1]{2}^$|+\\'])('(x)[1]{2}^$|+\\'));
  assert.ok(!globMatcher([])('x'));
});

test('`globMatcher()` takes ? for one character where that is asked for, else for itself', () => {
  assert.ok(globMatcher(['/dev/sd?1'], true)('/dev/sda1'));
  assert.ok(!globMatcher(['/dev/sd?'], true)('/dev/sd'));
  assert.ok(!globMatcher(['sd?'])('sda'));
  assert.ok(globMatcher(['sd?'])('sd?'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitted } from '../../../lib/fitted.ts';

test('a text that does not fit is cut in the middle', () => {
  assert.equal(fitted('/srv', 8), '/srv');
  assert.equal(fitted('/srv/far', 8), '/srv/far');
  assert.equal(fitted('/srv/data/far', 8), '/srv…far');
  assert.equal(fitted('/srv/𝄞𝄞𝄞/far', 8), '/srv…far');
  assert.equal(fitted('abc', 2), 'a…');
});

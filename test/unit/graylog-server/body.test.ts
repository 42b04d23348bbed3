import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupIntoBodies } from '../../../nodes/graylog-server/body.ts';

test('without bulk each document is a body of its own', () => {
  assert.deepEqual(groupIntoBodies(['a', 'b'], { bulk: false, bodyBytes: 100 }), [['a'], ['b']]);
});

test('with bulk a body takes as many documents as fit with their newlines, counted in bytes', () => {
  const groups = groupIntoBodies(['aa', 'bb', 'ü', 'c'], { bulk: true, bodyBytes: 6 });
  assert.deepEqual(groups, [
    ['aa', 'bb'],
    ['ü', 'c'],
  ]);
});

test('a document that is larger than a body is one alone', () => {
  const groups = groupIntoBodies(['a', 'too large', 'b'], { bulk: true, bodyBytes: 4 });
  assert.deepEqual(groups, [['a'], ['too large'], ['b']]);
});

test('no document is no body', () => {
  assert.deepEqual(groupIntoBodies([], { bulk: true, bodyBytes: 4 }), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { msgHeaders, parseHeaders } from '../../../../nodes/http-check/request/headers.ts';

test('parseHeaders() reads a header a line and refuses what could smuggle another', () => {
  assert.deepEqual(parseHeaders('Accept: a:b \n\nX-Mine:7'), { accept: 'a:b', 'x-mine': '7' });
  for (const text of ['no colon', 'bad name: 1', 'x: \u0001', ': empty']) assert.equal(parseHeaders(text), undefined);
  assert.deepEqual(msgHeaders({ 'X-N': 7 }), { 'x-n': '7' });
  for (const value of ['text', { x: 'a\r\nb: c' }, { x: {} }]) assert.equal(msgHeaders(value), undefined);
});

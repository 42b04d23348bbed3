import assert from 'node:assert/strict';
import { test } from 'node:test';
import { msgHeaders, parseHeaders } from '../../../../nodes/http-check/request/headers.ts';

test('parseHeaders() reads a header a line and refuses what could smuggle another', () => {
  assert.deepEqual(parseHeaders('Accept: a:b \n\nX-Mine:7'), { accept: 'a:b', 'x-mine': '7' });
  for (const text of ['no colon', 'bad name: 1', 'x: \u0001', ': empty']) assert.equal(parseHeaders(text), undefined);
  assert.deepEqual(msgHeaders({ 'X-N': 7 }), { 'x-n': '7' });
  for (const value of ['text', { x: 'a\r\nb: c' }, { x: {} }]) assert.equal(msgHeaders(value), undefined);
});

test('msgHeaders() leaves out what an answer left in the msg of its body and its connection', () => {
  const answer = {
    'content-length': '12',
    'transfer-encoding': 'chunked',
    connection: 'close',
    'keep-alive': 'timeout=5',
    upgrade: 'h2,h2c',
    'set-cookie': ['a=1', 'b=2'],
    'content-type': 'text/html',
    'X-Mine': '7',
    gone: undefined,
  };
  assert.deepEqual(msgHeaders(answer), { 'content-type': 'text/html', 'x-mine': '7' });
  const marked = {
    ...answer,
    date: 'now',
    etag: 'x',
    location: '/',
    'x-node-red-request-node': 'abc',
    authorization: 's',
  };
  assert.deepEqual(msgHeaders(marked), { authorization: 's' });
});

test('msgHeaders() joins the lines of a list, and keeps the question for another protocol', () => {
  assert.deepEqual(msgHeaders({ accept: ['a', 'b'], cookie: ['a=1', 'b=2'] }), { accept: 'a, b', cookie: 'a=1; b=2' });
  const upgrade = { connection: 'keep-alive, Upgrade', upgrade: 'websocket' };
  assert.deepEqual(msgHeaders(upgrade), upgrade);
  for (const value of [['a'], { a: [{}] }, { a: true }]) assert.equal(msgHeaders(value), undefined);
});

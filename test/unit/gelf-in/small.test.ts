import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownText, parseNumberTexts } from '../../../lib/number-texts.ts';
import { plainAddress } from '../../../nodes/gelf-in/address.ts';
import { Counts } from '../../../nodes/gelf-in/counts.ts';
import { rawMembers } from '../../../nodes/gelf-in/document/number-texts.ts';
import { HostClocks } from '../../../nodes/gelf-in/host-clocks.ts';
import { HostShares } from '../../../nodes/gelf-in/host-shares.ts';
import { LossWindow } from '../../../nodes/gelf-in/loss-window.ts';
import { receivingStatus } from '../../../nodes/gelf-in/status.ts';

test('an address of IPv4 at a socket of both kinds is written as one of IPv4', () => {
  assert.deepEqual(['::ffff:192.0.2.1', '::1', undefined, '::FFFF:192.0.2.1'].map(plainAddress), [
    '192.0.2.1',
    '::1',
    '',
    '192.0.2.1',
  ]);
});

test('what was not handed on is told once, by its reason, with some of its senders', () => {
  const counts = new Counts();
  for (let i = 0; i < 9; i += 1) counts.drop('full', `host${i}`);
  counts.drop('loop', 'a');
  counts.drop('socket', '', 40);
  assert.deepEqual([counts.dropped, counts.lost], [50, 49]);
  assert.deepEqual(counts.takeUntold(), [
    { reason: 'full', count: 9, senders: 'host0, host1, host2, host3, host4' },
    { reason: 'loop', count: 1, senders: 'a' },
    { reason: 'socket', count: 40, senders: '' },
  ]);
  assert.deepEqual(counts.takeUntold(), []);
});

test('a number is written by its own text only while it is that number, and only where that is one', () => {
  const texts = {
    a: '1.0',
    big: '12345678901234567890',
    huge: '1e400',
    bad: '1,"x":2',
    timestamp: '1767225600.123456',
  };
  assert.equal(ownText(texts, 'a', 1), '1.0');
  assert.equal(ownText(texts, 'a', 2), undefined);
  assert.equal(ownText(texts, 'big', Number('12345678901234567890')), '12345678901234567890');
  assert.equal(ownText(texts, 'huge', Number.MAX_VALUE), '1e400');
  assert.equal(ownText(texts, 'bad', 1), undefined);
  assert.equal(ownText(texts, 'timestamp', 1_767_225_600.123), '1767225600.123456');
  assert.equal(ownText(texts, 'toString', 1), undefined);
  assert.deepEqual(['1', null, [1], { a: '1' }].map(parseNumberTexts), [undefined, undefined, undefined, { a: '1' }]);
});

test('`rawMembers()` finds the texts of numbers, objects and lists behind texts with quotes and brackets', () => {
  const json = ' { "a\\"b" : "x,1]\\\\" , "n":1.50 ,"o":{"p":"}"},"l":[ 1, "]" ],"e":{} , "\\u0061":2}';
  assert.deepEqual(
    [...rawMembers(json)],
    [
      ['n', '1.50'],
      ['o', '{"p":"}"}'],
      ['l', '[ 1, "]" ]'],
      ['e', '{}'],
      ['a', '2'],
    ],
  );
});

test('a host whose clock is an hour ahead is said once', () => {
  const clocks = new HostClocks();
  const record = (host: string, aheadMs: number) => ({
    payload: { host },
    numbers: undefined,
    aheadMs,
    isTimeless: false,
  });
  assert.deepEqual(
    [record('a', 3_599_999), record('a', 3_600_000), record('a', 9e9), record('b', 3_600_000)].map((one) =>
      clocks.isAhead(one),
    ),
    [false, true, false, true],
  );
});

test('a loss is shown for a minute', () => {
  const losses = new LossWindow();
  losses.add(3, 0);
  losses.add(2, 50_000);
  assert.equal(losses.sum, 5);
  losses.add(0, 60_000);
  assert.equal(losses.sum, 2);
});

test('the status says what matters most', () => {
  const present = {
    ...{
      port: 12_201,
      at: '127.0.0.1',
      perSecond: 1_234,
      received: 52_130,
      lost: 0,
      connections: 1,
      mostConnections: 2,
    },
    ...{ fullFor: undefined, isOverdue: false, isSlowed: false },
  };
  const keyOf = (more: object): string => receivingStatus({ ...present, ...more })[1].replace('status.', '');
  assert.deepEqual(
    [
      {},
      { received: 0 },
      { lost: 1 },
      { connections: 2 },
      { isSlowed: true },
      { fullFor: 'x' },
      { fullFor: 'x', isOverdue: true },
    ].map(keyOf),
    ['received', 'listening', 'lost', 'connections', 'slowed', 'paused', 'full'],
  );
});

test('of the hosts that fill a buffer those with the most are named, with their part of it', () => {
  const shares = new HostShares();
  assert.equal(shares.text, '');
  for (let n = 0; n < 930; n += 1) shares.add('web1');
  for (let n = 0; n < 60; n += 1) shares.add(`db${n % 3}`);
  for (let n = 0; n < 10; n += 1) shares.add('x'.repeat(100));
  assert.equal(shares.text, 'web1 93 %, db0 2 %, db1 2 %');
  shares.clear();
  for (let n = 0; n < 5_000; n += 1) shares.add(`made-up-${n}`);
  assert.equal(shares.text, '');
  shares.add('x'.repeat(100));
  shares.clear();
  shares.add('x'.repeat(100));
  assert.equal(shares.text, `${'x'.repeat(60)}… 100 %`);
});

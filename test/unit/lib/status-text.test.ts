import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusText } from '../../../lib/status-text.ts';

const say =
  (text: string) =>
  (_key: string, args: { [name: string]: string | number } = {}): string =>
    text.replace(/__(\w+)__/g, (_, name: string) => String(args[name]));

test('a status that fits stands as it is', () => {
  assert.equal(statusText(say('__mount__ __percent__ %'), 'used', { mount: '/data', percent: 86 }), '/data 86 %');
  assert.equal(statusText(say('x'.repeat(24)), 'x'), 'x'.repeat(24));
});

test('the longest value is cut in its middle, and the words beside it stay', () => {
  const mount = '/var/lib/docker/volumes/web';
  assert.equal(statusText(say('__mount__ __percent__ %'), 'used', { mount, percent: 86 }), '/var/lib/…lumes/web 86 %');
});

test('a large number is written shorter before a name is cut', () => {
  const args = { count: 123_456_789_012_345_680, code: 'refused' };
  assert.equal(statusText(say('__count__ waiting: __code__'), 'away', args), '123456T waiting: refused');
});

test('a value that does not stand in the status makes nothing shorter, and the next one gives way', () => {
  const args = { reason: 'a very long reason that is only in the sentence', log: '/var/log/auth.log.2026' };
  assert.equal(statusText(say('no permission (__log__)'), 'x', args), 'no permission (/var…026)');
});

test('what steers a terminal is written out, and counts', () => {
  assert.equal(statusText(say('__name__ up'), 'x', { name: 'a\u001b[31m' }), 'a\\x1b[31m up');
});

test('a text that has no value to cut is cut itself', () => {
  assert.equal(statusText(say('y'.repeat(40)), 'x'), `${'y'.repeat(12)}…${'y'.repeat(11)}`);
});

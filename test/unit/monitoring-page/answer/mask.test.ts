import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePageCommand } from '../../../../plugins/monitoring-page/answer/command.ts';
import { entryText } from '../../../../plugins/monitoring-page/answer/entry.ts';
import { masked, maskedText } from '../../../../plugins/monitoring-page/answer/mask.ts';
import { parseCursor, parseMost, wholeNumber } from '../../../../plugins/monitoring-page/answer/query.ts';
import { isStrangeHost, parseAnonymous, whoIs } from '../../../../plugins/monitoring-page/rights.ts';

test('addresses go from a text, and times and versions stay', () => {
  assert.equal(maskedText('from 203.0.113.21 port 4'), 'from … port 4');
  assert.equal(maskedText('2001:db8::4f and ::1 and fe80::1%eth0'), '… and … and …');
  assert.equal(maskedText('at 02:14:05 in 3:4'), 'at 02:14:05 in 3:4');
});

test('of a login nothing tells who it was or from where', () => {
  const record = {
    log_type: 'auth',
    message: 'Failed password for oracle from 203.0.113.21',
    user_name: 'oracle',
    source_ip: '203.0.113.21',
    event_action: 'ssh_login_failed',
    level: 4,
  };
  assert.deepEqual(masked(record), {
    log_type: 'auth',
    event_action: 'ssh_login_failed',
    level: 4,
    message: 'ssh login failed',
  });
  const alert = {
    log_type: 'alert',
    message: 'guessing: oracle from 203.0.113.21',
    user_name: 'oracle',
    alert_key: 'oracle',
    alert_name: 'guessing',
  };
  assert.doesNotMatch(JSON.stringify(masked(alert)), /oracle|203/);
});

test('whatever a name is, it is in no text of what a reader without a log-in gets', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9_.-]{2,20}$/), fc.ipV4(), (name, address) => {
      const record = {
        log_type: 'alert',
        user_name: name,
        source_ip: address,
        message: `<${name}> ${address} (${name})`,
      };
      const document = JSON.stringify({
        short_message: record.message,
        _log_type: 'alert',
        _user_name: name,
        _source_ip: address,
      });
      const text = entryText(
        { number: 1, shippedMs: 1, node: 'out', count: 1, firstMs: 1, document },
        { withNames: false, mostCharacters: 500 },
      );
      assert.ok(!String(masked(record).message).includes(name));
      assert.ok(!text.includes(address));
    }),
  );
});

test('a long text is cut for the list', () => {
  const document = JSON.stringify({ short_message: 'x'.repeat(9_000) });
  const source = { number: 1, shippedMs: 1, node: 'out', count: 1, firstMs: 1, document };
  const [, , , , , record] = JSON.parse(entryText(source, { withNames: true, mostCharacters: 500 })) as [
    number,
    number,
    string,
    number,
    number,
    { message: string },
  ];
  assert.equal(record.message.length, 501);
});

test('a question of a browser is let in only as it should be', () => {
  assert.deepEqual(parseCursor('a1b2.7.2'), { boot: 'a1b2', number: 7, alerts: 2 });
  for (const value of [undefined, '', '1', 'a.b.c', 'a.1.2.3', ['a.1.2'], 'a.-1.2', `a.${'9'.repeat(30)}.1`])
    if (!Array.isArray(value)) assert.equal(parseCursor(value), undefined, String(value));
  assert.deepEqual([undefined, '0', '7', '9999', 'x', '-3'].map(parseMost), [500, 1, 7, 500, 500, 1]);
  assert.equal(wholeNumber('-12', 0), -12);
  assert.deepEqual(parsePageCommand({ node: 'n', key: 'k', silence: '1h' }), {
    node: 'n',
    command: { silence: '1h', alert_key: 'k' },
  });
  for (const body of [
    null,
    7,
    {},
    { node: 7, wake: true },
    { node: 'n' },
    { node: 'n', silence: 'always' },
    { node: 'n', wake: 'yes' },
  ])
    assert.equal(parsePageCommand(body), undefined);
});

test('who reads, and what they may, follows from Node-RED’s own rule', () => {
  const headers = {};
  const who = (user: unknown, scope: unknown, anonymous = 'masked') =>
    whoIs({ user, authInfo: { scope }, headers }, true, parseAnonymous(anonymous));
  assert.deepEqual(whoIs({ headers }, false, 'masked'), {
    name: null,
    isAnonymous: false,
    mayRead: true,
    mayWrite: true,
    withNames: true,
  });
  assert.deepEqual(who({ username: 'a' }, ['read']), {
    name: 'a',
    isAnonymous: false,
    mayRead: true,
    mayWrite: false,
    withNames: true,
  });
  assert.deepEqual(who({ anonymous: true }, 'read'), {
    name: null,
    isAnonymous: true,
    mayRead: true,
    mayWrite: false,
    withNames: false,
  });
  assert.equal(who({ anonymous: true }, '*', 'none').mayRead, false);
  assert.equal(who({ anonymous: true }, '*', 'full').withNames, true);
  assert.equal(who({ username: 'a' }, ['flows.read']).mayRead, false);
  assert.equal(who({ username: 'a' }, ['infra-monitoring.write']).mayWrite, true);
});

test('names that are not this host’s are strange', () => {
  const own = new Set(['shop', 'watch.example.org']);
  for (const host of ['shop', 'SHOP:1880', 'localhost', '127.0.0.1:1', '[::1]:1', 'watch.example.org.'])
    assert.equal(isStrangeHost({ headers: { host } }, own), false, host);
  for (const host of ['evil.example', '1.2.3.4.evil.example', 'shop.evil.example', '', undefined])
    assert.equal(isStrangeHost({ headers: { host } }, own), true, String(host));
});

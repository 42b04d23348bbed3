import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesOf, isForSystemOnly, parseResolvConf } from '../../../lib/resolv-conf.ts';

test('`parseResolvConf()` reads the search domains and the dots; the last line of a kind counts', () => {
  assert.deepEqual(parseResolvConf(''), { domains: [], dots: 1 });
  const pod =
    'nameserver 10.96.0.10\ndomain old.example\nsearch prod.svc.cluster.local cluster.local.\noptions ndots:5 x\n';
  assert.deepEqual(parseResolvConf(pod), { domains: ['prod.svc.cluster.local', 'cluster.local'], dots: 5 });
  assert.deepEqual(parseResolvConf('search . a.example\noptions ndots:99\n; ndots:2').dots, 15);
  assert.deepEqual(parseResolvConf('search . a.example').domains, ['a.example']);
});

test('`candidatesOf()` gives the whole names in the order of the system', () => {
  const rules = { domains: ['a.example', 'b.example'], dots: 1 };
  assert.deepEqual(candidatesOf('web', rules), ['web.a.example', 'web.b.example', 'web']);
  assert.deepEqual(candidatesOf('web.dev', rules), ['web.dev', 'web.dev.a.example', 'web.dev.b.example']);
  assert.deepEqual(candidatesOf('web.dev', { ...rules, dots: 5 })[0], 'web.dev.a.example');
  assert.deepEqual(candidatesOf('web.dev.', { ...rules, dots: 5 }), ['web.dev']);
});

test('a name of multicast DNS is left to the system', () => {
  assert.equal(isForSystemOnly('printer.local'), true);
  assert.equal(isForSystemOnly('web.svc.cluster.local'), false);
});

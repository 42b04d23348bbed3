// Risk: the default flow's check of its own page rings on a Node-RED without an editor, or behind a login.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { selfSigned } from '../../support/certificate.ts';
import { packageRoot, startNodeRed } from '../../support/node-red.ts';
import { program, real } from '../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);
/** bcrypt's of "password". */
const HASH = '$2a$08$zZWtXTja0fB1pzD4sHCMyOCMYz2Z6dNbM6tl8sJogENOMcxWV9DN.';

interface Node {
  id: string;
  type: string;
  [key: string]: unknown;
}

/** The default flow's own check, and an end that writes its records to the log. */
function ownCheck(): object[] {
  const flow = JSON.parse(readFileSync(`${packageRoot}/flows/infrastructure-monitoring.json`, 'utf8')) as Node[];
  const check = flow.find(({ type }) => type === 'http-check');
  assert.ok(check !== undefined);
  const { g: _group, ...node } = check;
  return [
    { id: check.z, type: 'tab', label: 'own page' },
    { ...node, retries: '0', wires: [['log'], []] },

    {
      id: 'log',
      x: 400,
      y: 200,
      z: check.z,
      type: 'debug',
      console: true,
      tosidebar: false,
      complete: 'true',
      targetType: 'full',
      active: true,
      wires: [],
    },
  ];
}

const SETTINGS: { [what: string]: object } = {
  'nothing set': {},
  'a login for the editor': {
    adminAuth: { type: 'credentials', users: [{ username: 'a', password: HASH, permissions: '*' }] },
  },
  'roots of its own': { httpAdminRoot: '/admin', httpNodeRoot: '/api' },
  'the editor disabled': { disableEditor: true },
  'no admin root': { httpAdminRoot: false },
  'no admin root and a login for nodes': { httpAdminRoot: false, httpNodeAuth: { user: 'a', pass: HASH } },
  'https required': { requireHttps: true },
  'a login for nodes and static files': {
    httpNodeAuth: { user: 'a', pass: HASH },
    httpStaticAuth: { user: 'a', pass: HASH },
    httpStatic: '/srv',
  },
};

async function checkedBy(t: TestContext, settings: object): Promise<string> {
  const red = await startNodeRed(t, { flow: ownCheck(), settings });
  await red.logged(/result_type: '\w+'/, 30_000);
  return red.log();
}

for (const [what, settings] of Object.entries(SETTINGS)) {
  test(`the own page is up with ${what}`, async (t) => {
    const log = await checkedBy(t, settings);
    assert.match(log, /result_type: 'success'/);
    assert.match(log, /check_state: 'up'/);
    assert.match(log, /message: 'node-red: \d{3} in \d+ ms'/);
  });
}

test('the own page is up with a certificate of its own and https required', openssl, async (t) => {
  const log = await checkedBy(t, { https: selfSigned(), requireHttps: true });
  assert.match(log, /result_type: 'success'[\s\S]*http_url|http_url: 'https:[\s\S]*result_type: 'success'/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../../../support/folder.ts';
import { scriptModule } from '../../../support/script.ts';

/** A placeholder of Node-RED. */
const variable = (name: string): string => `\${${name}}`;

interface Node {
  id: string;
  type: string;
  [key: string]: unknown;
}

interface Judge {
  readFlow(text: string): Node[];
  unsetVariables(nodes: Node[], environment: Record<string, string>): string[];
  missingTypes(nodes: Node[], sets: object[]): string[];
  differences(before: Node[], next: Node[]): string[];
}

const { readFlow, unsetVariables, missingTypes, differences } = await scriptModule<Judge>('start/roll-out/judge.js');

test('`readFlow()` refuses what is no flow, the merge of two, and secrets', () => {
  const flow = [{ id: 'a', type: 'tab' }];
  assert.deepEqual(readFlow(JSON.stringify(flow)), flow);
  const cases: [unknown, RegExp][] = [
    ['<<<<<<< HEAD', /^Error: it is no JSON: /],
    ['{}', /^Error: it is no list of nodes$/],
    ['[]', /^Error: it is no list of nodes$/],
    [[{ id: 'a' }], /^Error: it is no list of nodes$/],
    [[...flow, ...flow], /^Error: two nodes have the id a: the merge of two flows$/],
    [
      [{ id: 'n', type: 'notify', name: 'tell', credentials: { url: 's3cret' } }],
      /^Error: notify "tell" has credentials/,
    ],
  ];
  for (const [value, words] of cases)
    assert.throws(() => readFlow(typeof value === 'string' ? value : JSON.stringify(value)), words);
});

test('`unsetVariables()` names what the flow needs and neither it nor the host sets', () => {
  const nodes = [
    { id: 't', type: 'tab', env: [{ name: 'SITE', value: 'a' }] },
    {
      id: 's',
      type: 'graylog-server',
      endpoints: variable('LOGGING_URL'),
      port: variable('LOGGING_PORT'),
      host: variable('MONITORED_HOST'),
    },
    {
      id: 'n',
      type: 'x',
      deep: [{ to: variable('TOKEN') }, variable('SITE'), `not ${variable('REPLACED')}`, variable('NR_NODE_ID')],
    },
  ];
  assert.deepEqual(unsetVariables(nodes, {}), ['LOGGING_URL', 'TOKEN']);
  assert.deepEqual(unsetVariables(nodes, { LOGGING_URL_FILE: '/run/secrets/url', TOKEN: ' ' }), ['TOKEN']);
  assert.deepEqual(unsetVariables(nodes, { LOGGING_URL: 'graylog', TOKEN: 'x' }), []);
});

test('`missingTypes()` names the types that are absent, disabled or broken', () => {
  const nodes = ['tab', 'group', 'subflow', 'subflow:a', 'inject', 'off', 'broken', 'absent'].map((type, i) => ({
    id: String(i),
    type,
  }));
  const sets = [
    { types: ['inject'], enabled: true },
    { types: ['off'], enabled: false },
    { types: ['broken'], enabled: true, err: 'no module' },
  ];
  assert.deepEqual(missingTypes(nodes, sets), ['absent', 'broken', 'off']);
});

test('`differences()` names what was changed, added and removed', () => {
  const before = [
    { id: 'a', type: 'x', name: 'same' },
    { id: 'b', type: 'x', name: 'old' },
    { id: 'c', type: 'tab', label: 'gone' },
  ];
  const next = [
    { id: 'a', type: 'x', name: 'same' },
    { id: 'b', type: 'x', name: 'new' },
    { id: 'd', type: 'x' },
  ];
  assert.deepEqual(differences(before, next), ['x "new"', 'x "d"', 'tab "gone"']);
});

interface Rolling {
  rollOut(admin: object, text: string, userDir: string, environment: object, options: object): Promise<string>;
}

const { rollOut } = await scriptModule<Rolling>('start/roll-out/roll-out.js');

/** A Node-RED whose flows start only where they say so; its connection breaks in the middle of a deploy where it is told to. */
function admin(first: Node[]) {
  let now = first;
  let rev = 1;
  const it = {
    breaks: false,
    takes: true,
    flows: async () => ({ flows: now, rev: `rev${rev}` }),
    nodeSets: async () => [{ types: ['inject'], enabled: true }],
    state: async () => (now.some(({ name }) => name === 'bad') ? 'stop' : 'start'),
    deploy: async (flows: Node[], from: string) => {
      if (from !== `rev${rev}`) return 'conflict';
      if (it.takes) now = flows;
      rev += 1;
      if (it.breaks) throw new Error('socket hang up');
      return `rev${rev}`;
    },
  };
  return it;
}

const inject = (name: string): Node[] => [{ id: 'a', type: 'inject', name }];
const options = { takeOver: true, deadlineMs: 20 };

test('a flow that does not start is taken back, and what was there before runs', async () => {
  const host = admin(inject('good'));
  const rolled = rollOut(host, JSON.stringify(inject('bad')), temporaryFolder(), {}, options);
  await assert.rejects(rolled, /did not start within 0.02 s: revision rev3 is back/);
  assert.deepEqual((await host.flows()).flows, inject('good'));
});

test('a connection that breaks before the answer tells nothing: what is there then does', async () => {
  const host = admin(inject('old'));
  host.breaks = true;
  const text = JSON.stringify(inject('new'));
  assert.match(await rollOut(host, text, temporaryFolder(), {}, options), /^revision rev2 runs, before it was rev1$/);
  host.takes = false;
  const again = rollOut(host, JSON.stringify(inject('newer')), temporaryFolder(), {}, options);
  await assert.rejects(again, /it was not taken: socket hang up/);
});

test('a deploy of somebody else in the same moment is not overwritten', async () => {
  const host = admin(inject('old'));
  const late = { ...host, flows: async () => ({ ...(await host.flows()), rev: 'rev0' }) };
  const rolled = rollOut(late, JSON.stringify(inject('new')), temporaryFolder(), {}, options);
  await assert.rejects(rolled, /somebody deploys on this host at this moment/);
});

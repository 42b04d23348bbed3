import assert from 'node:assert/strict';
import { test } from 'node:test';
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

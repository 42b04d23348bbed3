import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goneTest } from '../../../nodes/notify/removed.ts';

const NODES = [
  { id: 'tab', disabled: false },
  { id: 'off', disabled: true },
  { id: 'a', z: 'tab' },
  { id: 'b', z: 'tab', d: true },
  { id: 'c', z: 'off' },
  { id: 'sub' },
  { id: 'inner', z: 'sub' },
  { id: 'instance', z: 'tab' },
];

const isGone = goneTest({
  getNode: (id) => (id === 'running-inner' ? {} : null),
  eachNode: (hear) => {
    for (const node of NODES) hear(node);
  },
});

for (const [id, isExpected, what] of [
  ['a', false, 'stands in a flow, even where it failed to start'],
  ['b', true, 'is disabled'],
  ['c', true, 'is on a tab that is disabled'],
  ['x', true, 'is in no flow'],
  ['instance-inner', false, 'is in an instance of a subflow'],
  ['gone-inner', true, 'was in an instance that is gone'],
  ['running-inner', false, 'runs'],
] as const) {
  test(`a node that ${what} is ${isExpected ? '' : 'not '}gone`, () => assert.equal(isGone(id), isExpected));
}

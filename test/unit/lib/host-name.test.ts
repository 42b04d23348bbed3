import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMadeForContainer, nameInFile } from '../../../lib/host-name.ts';

const docker = { isContainer: true, isKubernetes: false };
const pod = { isContainer: false, isKubernetes: true };
const host = { isContainer: false, isKubernetes: false };

const cases: [string, typeof host, boolean][] = [
  ['4f1c2a9b7d3e', docker, true],
  ['4f1c2a9b7d3e'.repeat(6).slice(0, 64), docker, true],
  ['4f1c2a9b7d3e', host, false],
  ['b827eb5a0c1d', host, false],
  ['web-1', docker, false],
  ['node-red', docker, false],
  ['monitor-x7k2p', pod, true],
  ['monitor-6d8f9c7b5d-x7k2p', pod, true],
  ['ip-10-0-0-1', pod, false],
  ['worker-node1', pod, false],
  ['monitor-x7k2p', host, false],
];

for (const [name, surroundings, isMade] of cases) {
  test(`${name} ${isMade ? 'was made for' : 'is no name of'} a container in ${JSON.stringify(surroundings)}`, () => {
    assert.equal(isMadeForContainer(name, surroundings), isMade);
  });
}

test('the name in a file is its first line that is no comment', () => {
  assert.equal(nameInFile('# of the cloud\n\n web-1 \nother\n'), 'web-1');
  assert.equal(nameInFile('\n# nothing\n'), undefined);
});

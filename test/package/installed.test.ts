import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import { packageRoot, startNodeRed } from '../support/node-red.ts';
import { hasRegistry, npm } from '../support/npm.ts';
import { nodeTypes, packageJson } from '../support/package.ts';
import { real } from '../support/real.ts';

interface NodeSet {
  module: string;
  types: string[];
  enabled: boolean;
  err?: string;
}

/** A request to /uptime is answered with what the uptime node makes of it. */
const flow = [
  { id: 'tab', type: 'tab', label: 'Flow' },
  { id: 'in', z: 'tab', type: 'http in', method: 'get', url: '/uptime', wires: [['up']] },
  { id: 'up', z: 'tab', type: 'uptime', interval: '0', wires: [['out']] },
  { id: 'out', z: 'tab', type: 'http response', wires: [] },
];

const modules = join(packageRoot, 'node_modules');
// .ci/run installs the older pair there.
const older = join(packageRoot, '.cache/node-red-4.1/node_modules');
const pairs = [
  { name: 'Node-RED 5 on Node 24', folder: modules },
  { name: 'Node-RED 4.1 on Node 20.19', folder: older },
];

describe('the packed package, installed', real('npm registry', hasRegistry), () => {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-package-'));
  const installed = join(folder, 'installed');

  before(async () => {
    const [pack] = JSON.parse(
      await npm(packageRoot, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
    ) as [{ filename: string }];
    mkdirSync(installed);
    writeFileSync(join(installed, 'package.json'), '{ "name": "flows", "private": true }');
    await npm(installed, 'install', '--omit=dev', '--no-audit', '--no-fund', join(folder, pack.filename));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { name, folder: programs } of pairs) {
    const node = join(programs, 'node/bin/node');
    const red = join(programs, 'node-red/red.js');
    const present = real(name, existsSync(node));
    const start = (t: TestContext, use: string, nodes: object[]) => {
      const userDir = join(folder, `${name}-${use}`.replaceAll(' ', '-'));
      cpSync(installed, userDir, { recursive: true });
      return startNodeRed(t, { userDir, flow: nodes, node, red, ownPackage: false });
    };

    test(`every node is registered and uptime delivers a record in ${name}`, present, async (t) => {
      const running = await start(t, 'uptime', flow);
      const sets = await running.api<NodeSet[]>('/nodes');
      const ours = sets.filter(({ module }) => module === packageJson().name);
      assert.deepEqual(ours.flatMap(({ types }) => types).sort(), [...nodeTypes].sort());
      for (const { types, enabled, err } of ours) assert.deepEqual([types, enabled, err], [types, true, undefined]);

      const record = await running.api<InfraRecord>('/uptime');
      assert.equal(record.log_type, 'uptime');
      assert.equal(typeof record.uptime_seconds, 'number');
      assert.doesNotMatch(running.log(), /\[error\]|missing/i);
      assert.equal(await running.stop(), 0);
    });

    test(`the default flow of the package starts in ${name}`, present, async (t) => {
      const example = join(installed, 'node_modules', packageJson().name, 'examples/infrastructure-monitoring.json');
      const running = await start(t, 'default', JSON.parse(readFileSync(example, 'utf8')) as object[]);
      await running.logged(/Started flows/);
      assert.doesNotMatch(running.log(), /missing types/i);
      assert.equal(await running.stop(), 0);
    });
  }
});

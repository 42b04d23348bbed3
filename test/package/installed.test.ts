import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Where `.ci/node-red` installs other pairs of Node-RED and Node.js. */
const cache = join(packageRoot, '.cache');
/** The oldest pair of all. `.ci/run` installs it. */
const OLDEST = 'node-red-4.1-node-20.19';

const present = existsSync(cache)
  ? readdirSync(cache).filter((name) => /^node-red-[\d.]+-node-[\d.]+$/.test(name))
  : [];
const pairs = [
  { name: 'Node-RED 5 on Node 24', folder: join(packageRoot, 'node_modules') },
  ...[...new Set([OLDEST, ...present])].map((name) => ({
    name: name.replace(/^node-red-(.*)-node-(.*)$/, 'Node-RED $1 on Node $2'),
    folder: join(cache, name, 'node_modules'),
  })),
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
    const isThere = real(name, existsSync(node));
    const start = (t: TestContext, use: string, nodes: object[]) => {
      const userDir = join(folder, `${name}-${use}`.replaceAll(' ', '-'));
      cpSync(installed, userDir, { recursive: true });
      return startNodeRed(t, { userDir, flow: nodes, node, red, ownPackage: false });
    };

    test(`every node is registered and uptime delivers a record in ${name}`, isThere, async (t) => {
      const running = await start(t, 'uptime', flow);
      const sets = await running.api<NodeSet[]>('/nodes');
      const ours = sets.filter(({ module }) => module === packageJson().name);
      assert.deepEqual(ours.flatMap(({ types }) => types).sort(), [...nodeTypes].sort());
      for (const { types, enabled, err } of ours) assert.deepEqual([types, enabled, err], [types, true, undefined]);

      // Node-RED listens before the flows have started.
      await running.logged(/Started flows/);
      const record = await running.api<InfraRecord>('/uptime');
      assert.equal(record.log_type, 'uptime');
      assert.equal(typeof record.uptime_seconds, 'number');
      assert.doesNotMatch(running.log(), /\[error\]|missing/i);
      assert.equal(await running.stop(), 0);
    });

    test(`the default flow of the package starts in ${name}`, isThere, async (t) => {
      const example = join(installed, 'node_modules', packageJson().name, 'examples/infrastructure-monitoring.json');
      const running = await start(t, 'default', JSON.parse(readFileSync(example, 'utf8')) as object[]);
      await running.logged(/Started flows/);
      assert.doesNotMatch(running.log(), /missing types/i);
      assert.equal(await running.stop(), 0);
    });
  }
});

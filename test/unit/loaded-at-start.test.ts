// What Node-RED loads of other packages when it loads the nodes, before any of them is in a flow.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../support/node-red.ts';

/** Those that take megabytes of memory, and what they bring. */
const HEAVY = ['amqplib', 'dockerode', 'docker-modem', 'ssh2', '@grpc', 'protobufjs', 'systeminformation'];

test('no heavy package is loaded before a node needs it', () => {
  const { 'node-red': declared } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
  };
  const files = [...Object.values(declared.nodes), ...Object.values(declared.plugins)].map((file) =>
    pathToFileURL(join(packageRoot, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'))),
  );
  const text = `
    import { createRequire } from 'node:module';
    for (const file of ${JSON.stringify(files)}) await import(file);
    console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));
    process.exit();`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8', timeout: 50_000 });
  assert.equal(child.status, 0, child.stderr);
  const loaded = JSON.parse(child.stdout) as string[];
  const names = new Set(loaded.map((file) => /.*\/node_modules\/([^/]+)/.exec(file.replaceAll('\\', '/'))?.[1]));
  // What is loaded is seen here at all.
  assert.ok(names.has('gelf-pro'), [...names].join());
  assert.deepEqual(
    HEAVY.filter((name) => names.has(name)),
    [],
  );
});

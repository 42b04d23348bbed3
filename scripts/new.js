// `npm run new -- <type>`: writes a complete small polling node, to be changed into the one that is wanted.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { changedFiles } from './new/changed-files.js';
import { faultOf } from './new/names.js';
import { newFiles } from './new/new-files.js';
import { root } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';

const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
const [type = '', ...more] = process.argv.slice(2);
const present = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))['node-red'].nodes);
const fault = more.length > 0 ? 'it takes one word, the type of the node' : faultOf(type, present);
if (fault !== undefined) fail(fault);

// All of it is made before any of it is written: a new node is whole, or nothing has changed.
const added = newFiles(type);
const taken = [...added.keys()].find((path) => existsSync(join(root, path)));
if (taken !== undefined) fail(`${taken} is there already`);
let changed;
try {
  changed = changedFiles(type);
} catch (error) {
  fail(error.message);
}
if (!existsSync(biome)) await prepare();

for (const [path, text] of [...added, ...changed]) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
format([...added.keys(), ...changed.keys()].filter((path) => /\.(ts|json)$/.test(path)));

for (const path of added.keys()) console.log(`new      ${path}`);
for (const path of changed.keys()) console.log(`changed  ${path}`);
console.log(`
It works as it is: npm test -- test/unit test/flow test/package test/editor
It counts open files. Make it what it is to be, from the inside to the outside:
  1. test/fixtures/${type}/: what the host has, and the record that it becomes
  2. nodes/${type}/: the record, io/, then the wiring, the dialog, the labels and the help
  3. icons/${type}.svg and flows/${type}.json
  4. its lines in README.md and CHANGELOG.md
  5. nodes/graylog-out/port.ts, if a variable is to give its records a port of their own`);

/** Where a name is longer or shorter than the template's, lines break elsewhere and imports have another order. */
function format(paths) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'check', '--write', ...paths], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) console.error(`${stdout}${stderr}`);
}

function fail(reason) {
  console.error(`npm run new -- <type>: ${reason}. Nothing was written.`);
  process.exit(1);
}

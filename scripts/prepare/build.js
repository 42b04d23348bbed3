// The build: whether dist/ is made of the sources as they are now, told by a hash of them that the build leaves behind.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runStep } from './clone.js';

const INPUTS = [
  'nodes',
  'plugins',
  'lib',
  'flows',
  'graylog',
  'icons',
  'scripts/build.js',
  'scripts/build',
  'scripts/graylog',
  'package.json',
  'package-lock.json',
];
const STAMP = join(root, 'dist/.inputs');

export function isBuilt() {
  try {
    return existsSync(join(root, 'examples')) && readFileSync(STAMP, 'utf8') === hashOfInputs();
  } catch {
    return false;
  }
}

export async function build() {
  // Taken before: what changes during the build is built the next time.
  const inputs = hashOfInputs();
  await runStep('Building', [process.execPath, join(root, 'scripts/build.js')]);
  writeFileSync(STAMP, inputs);
}

function hashOfInputs() {
  const hash = createHash('sha256');
  const add = (path) => {
    const file = join(root, path);
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) add(join(path, name));
    } else {
      hash.update(`${path}\0`).update(readFileSync(file)).update('\0');
    }
  };
  const settings = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  const inputs = INPUTS.filter((path) => existsSync(join(root, path)));
  for (const path of [...inputs, ...settings.sort()]) add(path);
  return hash.digest('hex');
}

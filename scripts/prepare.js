// What `npm start` and `npm test` do first, so that each works as the first command after a clone: install and build, once.
// Plain JavaScript with nothing but Node's own modules, because nothing is installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** Node 24 of the devDependencies; it is there once `prepare()` is done. */
export const node = join(root, 'node_modules/node/bin/node');

const OLDEST_NODE = [20, 19];
const BUILD_INPUTS = ['nodes', 'lib', 'flows', 'icons', 'scripts/build.js', 'package.json', 'package-lock.json'];
const STAMP = join(root, 'dist/.inputs');
const LOCK = join(root, '.cache/prepare.lock');
const LOCK_STALE_MS = 15_000;

/**
 * Installs and builds where that is due, and says so. Ends the process with code 1 and the reason when it cannot.
 * Two at once are safe: the second waits for the first.
 */
export async function prepare() {
  try {
    checkNode();
    if (isInstalled() && isBuilt()) return;
    const unlock = await lock();
    try {
      if (!isInstalled()) await install();
      if (!isBuilt()) await build();
    } finally {
      unlock();
    }
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(`Node.js ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

async function install() {
  await step('Installing the dependencies (npm ci)', npm, ['ci', '--include=dev', '--loglevel=error']);
  if (!isInstalled()) throw new Error('npm ci ended well, but node_modules lacks what package-lock.json asks for.');
}

async function build() {
  const inputs = hashOfInputs();
  await step('Building', [process.execPath], [join(root, 'scripts/build.js')]);
  writeFileSync(STAMP, inputs);
}

/** npm keeps a list of what it installed: whatever package-lock.json wants must be on it, so a `npm install` by hand counts. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    return (
      existsSync(node) &&
      Object.entries(wanted).every(
        ([path, { version, optional }]) =>
          path === '' || (path in present ? present[path].version === version : optional),
      )
    );
  } catch {
    return false;
  }
}

function isBuilt() {
  try {
    return existsSync(join(root, 'examples')) && readFileSync(STAMP, 'utf8') === hashOfInputs();
  } catch {
    return false;
  }
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
  for (const path of [...BUILD_INPUTS, ...settings.sort()]) add(path);
  return hash.digest('hex');
}

// A npm script runs with node_modules/.bin first in its PATH: the outer npm and its Node are the ones that outlive `npm ci`.
const { npm_execpath: outerNpm, npm_node_execpath: outerNode } = process.env;
const isNpm = outerNpm !== undefined && basename(outerNpm) === 'npm-cli.js';
const npm = isNpm ? [outerNode ?? process.execPath, outerNpm] : ['npm'];

/** Runs a program in the clone. Its errors are shown as they come, the rest of its output when it fails. */
async function step(what, program, args) {
  console.log(`${what} …`);
  const startedMs = Date.now();
  const [command, ...before] = program;
  const child = spawn(command, [...before, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`));
  });
  if (ended !== undefined) {
    process.stdout.write(output);
    throw new Error(`${what} failed: ${ended}.`);
  }
  console.log(`${what}: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

/** Takes the lock, waiting for whoever has it, and returns the function that gives it back. */
async function lock() {
  mkdirSync(join(LOCK, '..'), { recursive: true });
  const own = `${process.pid}`;
  for (let told = false; ; await wait(200)) {
    try {
      writeFileSync(LOCK, own, { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = contentOf(LOCK);
    if (holder !== undefined && isAbandoned(holder)) steal(holder);
    else if (!told) {
      console.log(`Waiting for process ${holder}, which is installing and building …`);
      told = true;
    }
  }
  const beat = setInterval(() => {
    if (contentOf(LOCK) === own) utimesSync(LOCK, new Date(), new Date());
  }, 1000);
  return () => {
    clearInterval(beat);
    rmSync(LOCK, { force: true });
  };
}

/** A lock outlives a killed process, and in a container the next process can have the same id: so its age counts too. */
function isAbandoned(holder) {
  try {
    if (Date.now() - statSync(LOCK).mtimeMs > LOCK_STALE_MS) return true;
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function steal(holder) {
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    // Somebody else was quicker and it is their fresh lock that was moved: put it back.
    if (contentOf(aside) !== holder) linkSync(aside, LOCK);
  } catch {
    // Gone or taken again: the next try finds out.
  }
  rmSync(aside, { force: true });
}

function contentOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

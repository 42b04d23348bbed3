// The dependencies: whether they are installed, and `npm ci` where they are not.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { node, root, runStep } from './clone.js';

/**
 * npm keeps a list of what it installed. Whatever package-lock.json asks for must be on it, so an `npm install` by hand
 * counts as well. What is optional may be absent: it is for other systems.
 */
export function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    const isPresent = ([path, { version, optional }]) =>
      path === '' || (path in present ? present[path].version === version : optional);
    return existsSync(node) && Object.entries(wanted).every(isPresent);
  } catch {
    return false;
  }
}

export async function install() {
  await runStep('Installing the dependencies (npm ci)', [...npm(), 'ci', '--include=dev', '--loglevel=error']);
  if (!isInstalled()) throw new Error('npm ci ended well, but node_modules lacks what package-lock.json asks for.');
}

/** An npm script has node_modules/.bin first in its PATH: only the npm and the Node around it outlive `npm ci`. */
function npm() {
  const { npm_execpath: outerNpm, npm_node_execpath: outerNode } = process.env;
  const isNpm = outerNpm !== undefined && basename(outerNpm) === 'npm-cli.js';
  return isNpm ? [outerNode ?? process.execPath, outerNpm] : ['npm'];
}

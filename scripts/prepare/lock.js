// One process at a time installs and builds. The lock is a folder: only one `mkdir` of it succeeds. Its age tells whether
// the process that made it is still there.
import { existsSync, mkdirSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from './clone.js';

const LOCK = join(root, '.cache/prepare.lock');
const LOOK_MS = 200;
const BEAT_MS = 1000;
/** A process that was killed has left a lock that nobody renews. A busy machine may be late by many beats. */
const ABANDONED_MS = 15_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs `job` when no other process runs one. */
export async function withLock(job) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let told = false; !tryMkdir(LOCK); await wait(LOOK_MS)) {
    if (!told) console.log('Waiting for another process, which is installing and building …');
    told = true;
    removeAbandoned();
  }
  const beat = setInterval(renew, BEAT_MS);
  const release = () => rmSync(LOCK, { recursive: true, force: true });
  const end = () => process.exit(1);
  process.once('exit', release);
  for (const signal of SIGNALS) process.once(signal, end);
  try {
    await job();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    for (const signal of SIGNALS) process.off(signal, end);
    release();
  }
}

/** After a machine's sleep another process may have taken the lock over and given it back. */
function renew() {
  if (existsSync(LOCK)) utimesSync(LOCK, new Date(), new Date());
}

/** Two may find the same lock abandoned: the second must not remove the new lock of the first, so it looks again alone. */
function removeAbandoned() {
  const guard = `${LOCK}.remove`;
  if (!isAbandoned(LOCK) || !tryMkdir(guard)) return;
  if (isAbandoned(LOCK)) rmSync(LOCK, { recursive: true, force: true });
  rmdirSync(guard);
}

function isAbandoned(folder) {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_MS;
}

function tryMkdir(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

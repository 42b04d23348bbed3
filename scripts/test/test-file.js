import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcesses, removeFolder } from './leftovers.js';

const ONE_FILE = fileURLToPath(new URL('one-file.js', import.meta.url));
/** Short: a socket has its path in this folder, and 107 bytes for it. */
const FOLDER = 't-';
/** Other users' programs write here as they do into the folder that it is in. */
const MODE = 0o1777;
/** A test that hangs fails by itself, this share of the time before: a file that leaves something open is ended. */
const SHARE = 0.9;

/**
 * Runs the tests of one file: in a process group of its own, and with a folder of its own for temporary files. Both are gone
 * when it has ended, however it did. `hear` gets what there is to tell of its tests. `stop` ends it at once. Gives the
 * commands of the processes that it left, and why its folder stays, if it does.
 */
export async function runTestFile(file, { deadlineMs, stop, hear, graceMs }) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const folder = mkdtempSync(join(tmpdir(), FOLDER));
  chmodSync(folder, MODE);
  const startedMs = performance.now();
  const child = fork(ONE_FILE, [file, String(deadlineMs * SHARE)], {
    detached: true,
    env: { ...env, TMPDIR: folder },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let isWhole = false;
  child.on('message', (event) => {
    if (event.type === 'end') isWhole = true;
    else hear(event);
  });
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  const limit = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
  await Promise.race([ended, aborted(limit)]);
  const isLate = limit.aborted;
  const left = await endProcesses(child.pid, folder, { isHurried: isLate, graceMs });
  const [[code, signal]] = await ended;
  const early = isWhole ? undefined : `its runner ended early: ${signal ?? `exit code ${code}`}`;
  const fault = isLate ? `the file did not end in ${deadlineMs / 1000} s` : early;
  if (fault !== undefined && !stop.aborted)
    hear({ type: 'test:fail', data: fileFailure(file, performance.now() - startedMs, fault) });
  return { left, stays: removeFolder(folder) };
}

function fileFailure(file, durationMs, fault) {
  return { name: file, nesting: 0, file, details: { type: 'test', durationMs, failureType: 'testCodeFailure', fault } };
}

function aborted(signal) {
  return signal.aborted ? undefined : once(signal, 'abort');
}

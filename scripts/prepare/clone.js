// Where the clone is, and how its programs are run. Nothing but Node's own modules: nothing may be installed yet.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone, with a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Node 24 of the devDependencies. It is there once `prepare()` is done. */
export const node = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Runs a program in the clone and says how long it took. Its errors are shown as they come, the rest of its output only
 * when it fails. Rejects when it cannot be started or ends with another code than 0.
 */
export async function runStep(what, [command, ...args]) {
  console.log(`${what} …`);
  const startedMs = Date.now();
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    // On Windows npm is a command file, which only a shell can run.
    shell: process.platform === 'win32' && command === 'npm',
  });
  // A lock that this process gives up must not leave an `npm ci` behind.
  const endChild = () => child.kill();
  process.once('exit', endChild);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const fault = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`));
  });
  process.off('exit', endChild);
  if (fault !== undefined) {
    process.stdout.write(output);
    throw new Error(`${what} failed: ${fault}.`);
  }
  console.log(`${what}: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

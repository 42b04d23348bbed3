// What `npm start` and `npm test` do first, so that each works as the first command after a clone: install and build, once.
import { build, isBuilt } from './build.js';
import { install, isInstalled } from './install.js';
import { withLock } from './lock.js';

const OLDEST_NODE = [20, 19];

/**
 * Installs and builds where that is due, and says so. Ends the process with code 1 and the reason when it cannot.
 * Two at once are safe: the second waits for the first.
 */
export async function prepare() {
  try {
    checkNode();
    if (isInstalled() && isBuilt()) return;
    await withLock(async () => {
      if (!isInstalled()) await install();
      if (!isBuilt()) await build();
    });
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

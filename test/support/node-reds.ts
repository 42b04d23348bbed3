import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasBrowser } from './browser.ts';
import { type NodeRedOptions, packageRoot } from './node-red.ts';
import { real } from './real.ts';

/** The oldest pair of Node-RED and Node.js that the package supports, where `.ci/run` installs it. */
export const OLDEST = join(packageRoot, '.cache/node-red-4.1-node-20.19/node_modules');
const [node, red] = [join(OLDEST, 'node/bin/node'), join(OLDEST, 'node-red/red.js')];

/** The versions of Node-RED whose editors a dialog must work in. */
export const EDITORS: readonly { name: string; options: NodeRedOptions; skip: ReturnType<typeof real> }[] = [
  { name: 'Node-RED 5', options: {}, skip: real('Chromium', hasBrowser) },
  {
    name: 'Node-RED 4.1',
    options: { node, red },
    skip: real('Chromium and Node-RED 4.1', hasBrowser && existsSync(node)),
  },
];

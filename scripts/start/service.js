// What a service manager runs: `npm start` without the steps of a clone, and Node-RED in this very process.
import { root } from '../prepare/clone.js';
import { arrange } from './arrange.js';
import { onlyOne } from './only-one.js';

const DEFAULT_USER_DIR = '/var/lib/infra-monitoring';

try {
  const claim = (userDir) => onlyOne(root, userDir, console.log);
  const { STATE_DIRECTORY = DEFAULT_USER_DIR } = process.env;
  const { words, env } = await arrange(root, process.argv.slice(2), STATE_DIRECTORY, claim);
  Object.assign(process.env, env);
  process.argv = [...process.argv.slice(0, 2), ...words];
  await import('./node-red.js');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

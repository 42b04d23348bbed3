// Loaded into a Node-RED of a test before it starts: prints a line for each connection that fails, and for each file
// ending in `.log` that is opened. A test waits for these lines to know that there were retries.
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { watchConnects } from './attempts.ts';

watchConnects(() => console.log('attempt: no connection'));

const { open } = promises;
promises.open = (path, ...rest) => {
  if (String(path).endsWith('.log')) console.log(`attempt: open ${path}`);
  return open(path, ...rest);
};
syncBuiltinESMExports();

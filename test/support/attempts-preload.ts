// Loaded into a Node-RED of a test before it starts: prints a line for each connection that fails, and for each look at
// a file ending in `.log`. A test waits for these lines to know that there were retries.
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { watchConnects } from './attempts.ts';

watchConnects(() => console.log('attempt: no connection'));

const { stat } = promises;
promises.stat = ((path: string, ...rest: []) => {
  if (String(path).endsWith('.log')) console.log(`attempt: look at ${path}`);
  return stat(path, ...rest);
}) as typeof stat;
syncBuiltinESMExports();

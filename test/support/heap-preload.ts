// Loaded into a Node-RED of a test before it starts: prints the heap in use, in bytes, each time it is more than ever.
import { writeEvery } from './pace.ts';

const LOOK_MS = 50;
let most = 0;
const stop = writeEvery(LOOK_MS, () => {
  const { heapUsed } = process.memoryUsage();
  if (heapUsed <= most) return;
  most = heapUsed;
  console.log(`heap: ${most}`);
});
process.once('SIGTERM', stop);

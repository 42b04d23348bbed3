// Runs the tests of one file, in a process group of its own, and tells the runner what comes of them.
import { run } from 'node:test';
import { root } from '../prepare/clone.js';
import { plainEvent } from './plain-event.js';

const [file, timeoutMs] = process.argv.slice(2);

// Its file is told as well, and ends by itself. Until then somebody must read what it writes.
process.on('SIGTERM', () => undefined);
// The runner is gone, and nobody else would end what this file has started.
process.once('disconnect', () => {
  process.kill(-process.pid, 'SIGTERM');
  process.exit();
});

for await (const event of run({ files: [file], cwd: root, timeout: Number(timeoutMs) })) {
  const plain = plainEvent(event);
  if (plain !== undefined) process.send(plain);
}
process.send({ type: 'end' }, () => process.exit());

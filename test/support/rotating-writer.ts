import { createLogWriter } from './log-writer.ts';
import { writeEvery } from './pace.ts';

/**
 * Writes a log at an even pace and rotates it, as a process of its own:
 * `node rotating-writer.ts FILE rename|copytruncate LINES_PER_SECOND SECONDS ROTATION_MS`. Prints how many lines it wrote.
 */
const [, , path = '', kind = '', linesPerSecond = '0', seconds = '0', rotationMs = '0'] = process.argv;
const STEP_MS = 10;
const writer = createLogWriter(path);
const began = Date.now();
let rotatedAt = began;

const stop = writeEvery(STEP_MS, () => {
  const elapsed = Math.min(Date.now() - began, Number(seconds) * 1000);
  writer.write(Math.floor((elapsed * Number(linesPerSecond)) / 1000) - writer.written.length);
  if (Date.now() - rotatedAt >= Number(rotationMs)) {
    rotatedAt = Date.now();
    if (kind === 'copytruncate') writer.copyTruncate({ pack: false });
    else writer.rotate({ reopen: true, pack: false });
  }
  if (elapsed < Number(seconds) * 1000) return;
  stop();
  writer.close();
  process.stdout.write(`${writer.written.length}\n`);
});

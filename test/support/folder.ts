import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/**
 * A new folder that is removed when the test process ends. Not when the test ends: `t.after()` runs in the order of its
 * calls, so a folder would go before the flow that writes into it has stopped.
 */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  folders.push(folder);
  return folder;
}

// Risk: a msg of hundreds of megabytes, or one that is small and never ends, holds Node-RED's event loop or takes its memory.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LARGE_PAYLOADS } from '../../support/large-msgs.ts';
import { real } from '../../support/real.ts';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('../../support/large-msg-child.ts', import.meta.url));
const linux = real('Linux, which tells the peak of memory', process.platform === 'linux');
/** A second is too long; and this is for a machine that is busy with other tests. */
const MOST_MS = 500;
const MOST_MB = 150;
const LARGEST_BYTES = 2_097_151;

for (const name of Object.keys(LARGE_PAYLOADS)) {
  test(`graylog-out makes a document or a fault of ${name} in an instant`, linux, async () => {
    const { stdout } = await run(process.execPath, [CHILD, name], { timeout: 50_000 });
    const { ms, mb, fault, bytes } = JSON.parse(stdout) as { ms: number; mb: number; fault?: string; bytes: number };
    assert.ok(ms < MOST_MS, `${Math.round(ms)} ms`);
    assert.ok(mb < MOST_MB, `${Math.round(mb)} MB more`);
    assert.ok(fault === undefined ? bytes > 50 && bytes <= LARGEST_BYTES : bytes === 0, `${fault} ${bytes} bytes`);
  });
}

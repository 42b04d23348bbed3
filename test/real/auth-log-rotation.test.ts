import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/auth-log-in/auth-log-in.ts';
import { runFlow } from '../support/flow.ts';
import { until } from '../support/until.ts';

const WRITER = fileURLToPath(new URL('../support/rotating-writer.ts', import.meta.url));
/** A minute shows more and takes it: `ROTATION_SECONDS=60`. */
const SECONDS = process.env.ROTATION_SECONDS ?? '4';

for (const kind of ['rename', 'copytruncate']) {
  test(`auth-log-in loses no line of 5,000 a second with a ${kind} rotation every half second`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-log-rotation-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'auth.log');
    writeFileSync(file, '');
    const flow = await runFlow(
      t,
      [register],
      [
        { id: 'a', z: 'f', type: 'auth-log-in', file, wires: [['out']] },
        { id: 'out', z: 'f', type: 'helper' },
        { id: 's', z: 'f', type: 'status', scope: ['a'], wires: [['state']] },
        { id: 'state', z: 'f', type: 'helper' },
        { id: 'f', type: 'tab' },
      ],
    );
    const numbers: number[] = [];
    const ids = new Set<string>();
    flow.node('out').on('input', ({ payload }) => {
      const { process_id, event_id } = payload as InfraRecord;
      numbers.push(Number(process_id));
      ids.add(event_id);
    });
    await flow.next('state');
    const writer = spawn(process.execPath, [WRITER, file, kind, '5000', SECONDS, '500'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await Promise.all([text(writer.stdout), once(writer, 'close')]);
    const written = Number(said);
    assert.ok(written >= Number(SECONDS) * 5000, `${written} lines`);
    await until(
      () => numbers.length >= written,
      20_000,
      () => `${numbers.length} of ${written} lines`,
    );
    assert.deepEqual(
      numbers,
      Array.from({ length: written }, (_, index) => index + 1),
    );
    assert.equal(ids.size, written);
  });
}

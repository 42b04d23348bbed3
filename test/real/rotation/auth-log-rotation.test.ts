// Risk: rotations under load.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';

const WRITER = fileURLToPath(new URL('../../support/rotating-writer.ts', import.meta.url));
/** A minute shows more and takes it: `ROTATION_SECONDS=60`. */
const SECONDS = process.env.ROTATION_SECONDS ?? '4';

for (const kind of ['rename', 'copytruncate']) {
  test(`no line of 5,000 a second is lost on its way to Graylog with a ${kind} rotation every half second`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'auth-log-rotation-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'auth.log');
    const graylog = await receiveTcp(t);
    writeFileSync(file, '2026-11-23T00:00:00Z web1 sshd[0]: Server listening on :: port 22.\n');
    await startNodeRed(t, {
      flow: [
        { id: 'f', type: 'tab' },
        { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${graylog.port}` },
        { id: 'a', z: 'f', type: 'auth-log-in', file, start: 'beginning', wires: [['o']] },
        { id: 'o', z: 'f', type: 'graylog-out', server: 'g', wires: [] },
      ],
    });
    await graylog.find(({ _event_action }) => _event_action === 'ssh_server', 60_000);
    const args = [WRITER, file, kind, '5000', SECONDS, '500'];
    const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await Promise.all([text(writer.stdout), once(writer, 'close')]);
    const written = Number(said);
    assert.ok(written >= Number(SECONDS) * 5000, `${written} lines`);
    const last = (): boolean => graylog.documents.at(-1)?._process_id === written;
    const documents = await graylog.until((all) => last() || all.length > written + 100, 60_000);
    assert.deepEqual(
      documents
        .filter(({ _event_action }) => _event_action === 'ssh_login_failed')
        .map(({ _process_id }) => _process_id),
      Array.from({ length: written }, (_, index) => index + 1),
    );
    assert.deepEqual(graylog.faults, []);
  });
}

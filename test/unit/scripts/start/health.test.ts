import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
// @ts-expect-error It has no types.
import { keepHealth } from '../../../../scripts/start/health.js';
import { temporaryFolder } from '../../../support/folder.ts';
import { packageRoot } from '../../../support/node-red.ts';

const SCRIPT = join(packageRoot, 'deploy/image/health.sh');

/** What the health check of the image says of a file, and whether it is content. */
function check(file: string): { isWell: boolean; said: string } {
  const env = { MONITORING_HEALTH_FILE: file };
  try {
    return { isWell: true, said: execFileSync('sh', [SCRIPT], { env, encoding: 'utf8' }).trim() };
  } catch (error) {
    return { isWell: false, said: String((error as { stdout: string }).stdout).trim() };
  }
}

test('it is well from the start of the flows on, as long as the event loop turns and something can be kept', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const userDir = temporaryFolder();
  const file = join(temporaryFolder(), 'health');
  // What an earlier run left says nothing of this one.
  writeFileSync(file, `${Math.floor(uptime())} ok\n`);
  const events = new EventEmitter();
  keepHealth(events, userDir, file);
  assert.equal(existsSync(file), false);
  assert.deepEqual(check(file), { isWell: false, said: 'the flows have not started' });

  events.emit('flows:started');
  assert.deepEqual(check(file), { isWell: true, said: 'ok' });
  rmSync(file);
  t.mock.timers.tick(5_000);
  assert.deepEqual(check(file), { isWell: true, said: 'ok' });

  rmSync(userDir, { recursive: true });
  t.mock.timers.tick(5_000);
  assert.deepEqual(check(file), { isWell: false, said: `nothing can be kept in ${userDir}: ENOENT` });
});

test('a word that is old says that the event loop does not turn', { skip: !existsSync('/proc/uptime') }, () => {
  const file = join(temporaryFolder(), 'health');
  writeFileSync(file, `${Math.floor(uptime()) - 25} ok\n`);
  const { isWell, said } = check(file);
  assert.equal(isWell, false);
  assert.match(said, /^the event loop has not turned for 2[5-7] s$/);
});

test('the check takes a word of up to four beats for a new one', () => {
  const [, beatMs] =
    /BEAT_MS = ([\d_]+);/.exec(readFileSync(join(packageRoot, 'scripts/start/health.js'), 'utf8')) ?? [];
  const [, limit] = /^LIMIT=(\d+)$/m.exec(readFileSync(SCRIPT, 'utf8')) ?? [];
  assert.equal(Number(limit) * 1_000, 4 * Number(beatMs?.replace('_', '')));
});

// Risk: the user directory's disk is full: the message about it cannot be kept, and so is not sent.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startChatService } from '../../support/chat-services.ts';
import { alertMsg, destinationOf, endOf } from '../../support/notify.ts';
import { openOutbox } from '../../support/outbox.ts';
import { real } from '../../support/real.ts';
import { canMount, mountSmallDisk, resizeDisk } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';

/** Takes all the room there is. */
function fill(folder: string): void {
  let size = 4096;
  for (let number = 0; size > 0; number += 1) {
    try {
      writeFileSync(join(folder, `filler-${number}`), Buffer.alloc(size));
    } catch {
      size = size > 1 ? Math.floor(size / 2) : 0;
    }
  }
}

test('a full disk of the user directory still tells, at once, and says that nothing is kept; with room again it is kept', {
  ...real('right to mount a tmpfs', canMount),
  timeout: 60_000,
}, async (t) => {
  const userDir = mountSmallDisk('256k');
  mkdirSync(join(userDir, 'infra-monitoring'));
  fill(userDir);
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack), userDir, collectMs: 300, speed: 1 });
  const firing = alertMsg({ alert_name: 'disk full' });
  await box.take(firing);
  assert.match(slack.shown[0] ?? '', /FIRING error: disk full[\s\S]*not kept over a restart: .*no space left/);
  assert.equal(box.faults.length, 1);
  resizeDisk(userDir, '4m');
  await box.take(endOf(firing));
  await until(() => slack.shown.length === 2);
  assert.doesNotMatch(slack.shown[1] ?? '', /not kept/);
  await box.close();
  const again = openOutbox(t, { destination: destinationOf(slack), userDir });
  await again.take(firing, endOf(firing));
  assert.equal(again.outbox.waiting, 0, 'what it told is known after a restart');
});

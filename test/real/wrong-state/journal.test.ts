// Risk: the log that is followed is one that nobody writes, or one of which most cannot be seen, and the status is green.

import assert from 'node:assert/strict';
import { chmodSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { present } from '../../support/journal.ts';
import { follow, newHost } from '../../support/journal-host.ts';
import { until } from '../../support/until.ts';

const DAY_MS = 86_400_000;
const NOBODY = 65_534;
const FOLLOWING = 'ok status.lines journal';

test(
  'auth-log-in follows the journal where auth.log stayed from before an upgrade, and says so',
  present,
  async (t) => {
    const host = newHost();
    host.write(250 * DAY_MS, 'old');
    host.add(60_000);
    const heard = follow(t, host);
    await until(() => heard.states.includes(FOLLOWING));
    assert.deepEqual(heard.warnings, [`warning.left ${host.authLog}`]);
    const user = host.add();
    await until(() => heard.users().includes(user));
  },
);

test('auth-log-in follows auth.log where somebody writes it, or the journal has nothing newer', present, async (t) => {
  for (const agoMs of [0, 250 * DAY_MS]) {
    const host = newHost();
    host.write(agoMs, 'old');
    host.add(agoMs + DAY_MS);
    const heard = follow(t, host);
    await until(() => heard.states.includes(`ok status.lines ${host.authLog}`));
    assert.deepEqual(heard.warnings, []);
  }
});

test(
  'auth-log-in warns of a file that was named and is not written any more, and stays with it',
  present,
  async (t) => {
    const host = newHost();
    host.write(3 * DAY_MS, 'old');
    host.add(60_000);
    const heard = follow(t, host, host.authLog);
    await until(() => heard.warnings.length === 1);
    assert.deepEqual(heard.warnings, [`warning.stale ${host.authLog}`]);
    host.write(0, 'new');
    await until(() => heard.users().includes('new'));
  },
);

test(
  'auth-log-in goes from a file that is left to the journal without a gap, running and over a restart',
  present,
  async (t) => {
    const host = newHost();
    host.write(2 * DAY_MS, 'old');
    const heard = follow(t, host);
    await until(() => heard.states.includes(`ok status.lines ${host.authLog}`));
    host.write(DAY_MS, 'inFile');
    await until(() => heard.users().includes('inFile'));
    // What nobody wrote into the file any more, and the checkpoint is from before.
    const gap = [host.add(DAY_MS - 1000), host.add(DAY_MS / 2), host.add(60_000)];
    await until(() => gap.every((user) => heard.users().includes(user)));
    assert.deepEqual(heard.warnings, [`warning.left ${host.authLog}`]);
    await heard.source.stop();
    const down = host.add(30_000);
    const again = follow(t, host);
    const live = host.add();
    await until(() => again.users().includes(live));
    assert.deepEqual(again.users(), [down, live], 'the journal is read on');
    assert.deepEqual(again.warnings, []);
  },
);

test('auth-log-in goes from a journal that is gone to the file without a gap', present, async (t) => {
  const host = newHost();
  host.add(60_000);
  const heard = follow(t, host);
  await until(() => heard.states.includes(FOLLOWING));
  const user = host.add();
  await until(() => heard.users().includes(user));
  await heard.source.stop();
  rmSync(join(host.root, 'var/log/journal'), { recursive: true });
  host.write(2 * DAY_MS, 'long before');
  host.write(0, 'after');
  const again = follow(t, host);
  await until(() => again.users().includes('after'));
  assert.deepEqual(again.users(), ['after']);
});

test('auth-log-in says that only own entries can be seen, and which group sees all', present, async (t) => {
  if (process.getuid?.() !== 0) {
    t.skip('only root can take rights from a file and then give its own up');
    return;
  }
  const host = newHost();
  writeFileSync(join(host.root, 'etc/group'), 'root:x:0:\nsystemd-journal:x:4242:\n');
  host.add(60_000);
  host.add(60_000, { _UID: NOBODY }, `user-${NOBODY}.journal`);
  const system = join(host.folder, 'system.journal');
  chownSync(system, 0, 4242);
  chmodSync(system, 0o640);
  chmodSync(join(host.folder, `user-${NOBODY}.journal`), 0o644);
  for (const folder of [host.root, host.userDir]) chmodSync(folder, 0o777);
  assert.equal(statSync(system).gid, 4242);
  process.seteuid?.(NOBODY);
  t.after(() => process.seteuid?.(0));
  const heard = follow(t, host, '', 60_000);
  await until(() => heard.states.length > 0);
  assert.deepEqual(heard.states, ['warning status.ownEntries journal systemd-journal']);
  assert.deepEqual(heard.warnings, ['warning.ownEntries journal systemd-journal']);
});

test('auth-log-in is not green while journald has made no file, and is with the first entry', present, async (t) => {
  const host = newHost();
  const heard = follow(t, host);
  await until(() => heard.states.length > 0);
  assert.deepEqual(heard.states, ['idle status.emptyJournal journal']);
  const user = host.add();
  await until(() => heard.users().includes(user) && heard.states.includes(FOLLOWING));
});

import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { explain } from '../../../../../lib/errors.ts';
import { type JournalOptions, JournalReader } from '../../../../../nodes/auth-log-in/io/journal/reader.ts';
import type { JournalPosition } from '../../../../../nodes/auth-log-in/journal/position.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { until } from '../../../../support/until.ts';

/** An entry as journalctl prints it, but for the empty line that `echo` adds. */
const entryOf = (number: number): string =>
  `__CURSOR=s=1;i=${number};t=10\nSYSLOG_IDENTIFIER=sshd\nMESSAGE=message ${number}\n`;

/** Puts a `journalctl` first on the PATH that writes its arguments into a file and then runs `script`. */
function fakeJournalctl(t: TestContext, script: string): { calls(): string[]; folder: string } {
  const folder = temporaryFolder();
  const log = join(folder, 'calls');
  writeFileSync(join(folder, 'journalctl'), `#!/bin/sh\necho "$@" >> '${log}'\n${script}\n`, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  t.after(() => {
    process.env.PATH = path;
  });
  return { folder, calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []) };
}

interface Heard {
  reader: JournalReader;
  messages: string[];
  faults: string[];
  positions: JournalPosition[];
}

function read(t: TestContext, options: Partial<JournalOptions> = {}): Heard {
  const messages: string[] = [];
  const faults: string[] = [];
  const positions: JournalPosition[] = [];
  const reader = new JournalReader({
    hostRoot: temporaryFolder(),
    start: 'checkpoint',
    saved: { cursor: 's=1;i=0;t=f' },
    async onEntries(entries, position) {
      messages.push(...entries.map(({ header }) => header.message));
      positions.push(position);
    },
    onPosition: async (position) => void positions.push(position),
    onBegin: () => undefined,
    onFollowing: () => undefined,
    onFault: (error) => faults.push(explain(error, (key, args) => `${key} ${args?.text ?? args?.code}`)),
    ...options,
  });
  t.after(() => reader.stop());
  return { reader, messages, faults, positions };
}

test('it hands on the entries that journalctl prints, in order, each with the position after it', async (t) => {
  const { calls } = fakeJournalctl(t, `echo '${entryOf(1)}'; echo '${entryOf(2)}'; exec sleep 60`);
  const heard = read(t);
  await until(() => heard.messages.length === 2);
  assert.deepEqual(heard.messages, ['message 1', 'message 2']);
  assert.deepEqual(heard.positions[0], { cursor: 's=1;i=0;t=f', sequences: [] });
  assert.deepEqual(heard.positions.at(-1), { cursor: 's=1;i=2;t=10', sequences: ['1'] });
  assert.match(calls()[0] ?? '', /--cursor=s=1;i=0;t=f/);
});

test('it starts journalctl again when that ends, after the last entry, and says why it ended', async (t) => {
  const { calls } = fakeJournalctl(t, `echo '${entryOf(1)}'; echo 'hint' >&2; echo 'no room left' >&2; exit 1`);
  const heard = read(t);
  await until(() => calls().length === 2);
  assert.equal(heard.faults[0], 'error.JOURNALCTL_FAILED no room left');
  assert.match(calls()[1] ?? '', /--cursor=s=1;i=1;t=10/);
});

test('it gives the exit code where journalctl said nothing', async (t) => {
  fakeJournalctl(t, 'exit 3');
  const heard = read(t);
  await until(() => heard.faults.length > 0);
  assert.equal(heard.faults[0], 'error.JOURNALCTL_ENDED 3');
});

test('it goes on from the time of a cursor that journalctl does not take', async (t) => {
  const { calls } = fakeJournalctl(t, `echo 'Failed to seek to cursor: Invalid argument' >&2; exit 1`);
  read(t, { saved: { cursor: 's=1;i=1;t=16e360' } });
  await until(() => calls().length === 2);
  assert.match(calls()[1] ?? '', /--since=@1\.500000/);
});

test('it says that what journalctl prints is no entry, and starts it again', async (t) => {
  const { calls } = fakeJournalctl(t, `echo '${entryOf(1)}'; echo '{"MESSAGE":"a"}'; exec sleep 60`);
  const heard = read(t);
  await until(() => calls().length === 2);
  assert.equal(heard.messages[0], 'message 1');
  assert.match(heard.faults[0] ?? '', /JOURNAL_MALFORMED/);
  assert.match(calls()[1] ?? '', /--cursor=s=1;i=1;t=10/);
});

test('it says that no descriptor is free for journalctl, and reads on once there is one', async (t) => {
  fakeJournalctl(t, `echo '${entryOf(1)}'; exec sleep 60`);
  const held: number[] = [];
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {}
  t.after(() => held.map((fd) => closeSync(fd)));
  const heard = read(t);
  await until(() => heard.faults.length > 0);
  assert.match(heard.faults[0] ?? '', /spawn journalctl E(MFILE|NFILE)/);
  for (const fd of held.splice(0)) closeSync(fd);
  await until(() => heard.messages.length === 1);
});

test('stop() ends although journalctl does not, and nothing is called after it', async (t) => {
  // The shell's child holds on to both pipes.
  const { folder } = fakeJournalctl(t, `trap '' TERM; echo '${entryOf(1)}'; sleep 60 & echo $! > "$0.pid"; wait`);
  const heard = read(t);
  const pidFile = join(folder, 'journalctl.pid');
  await until(() => heard.messages.length === 1 && existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
  t.after(() => process.kill(Number(readFileSync(pidFile, 'utf8'))));
  const beganMs = performance.now();
  await heard.reader.stop();
  assert.ok(performance.now() - beganMs < 4000);
  assert.deepEqual(heard.faults, []);
});

test('a saved time that is still to come holds nothing up', async (t) => {
  const { calls } = fakeJournalctl(t, 'exec sleep 60');
  read(t, { saved: { sinceMicros: 9e15 } });
  await until(() => calls().length === 1);
  const since = Number(/--since=@([\d.]+)/.exec(calls()[0] ?? '')?.[1]);
  assert.ok(since <= Date.now() / 1000, `${since}`);
});

test('it says that there is no journalctl', async (t) => {
  const path = process.env.PATH;
  process.env.PATH = temporaryFolder();
  t.after(() => {
    process.env.PATH = path;
  });
  const heard = read(t);
  await until(() => heard.faults.length > 0);
  assert.equal(heard.faults[0], 'spawn journalctl ENOENT');
});

test('while it is paused it hands on nothing, and then everything', async (t) => {
  const { folder } = fakeJournalctl(t, `echo '${entryOf(1)}'; echo '${entryOf(2)}'; touch "$0.printed"; exec sleep 60`);
  const heard = read(t);
  heard.reader.pause(true);
  await until(() => existsSync(join(folder, 'journalctl.printed')));
  await nextTurn();
  assert.deepEqual(heard.messages, []);
  heard.reader.pause(false);
  await until(() => heard.messages.length === 2);
});

test('it hands on no more entries before those it handed on are taken', async (t) => {
  const waiting = 'while [ ! -e "$0.go" ]; do sleep 0.01; done';
  const script = `echo '${entryOf(1)}'; ${waiting}; echo '${entryOf(2)}'; touch "$0.printed"; exec sleep 60`;
  const { folder } = fakeJournalctl(t, script);
  const messages: string[] = [];
  let take = (): void => undefined;
  read(t, {
    onEntries(entries) {
      messages.push(...entries.map(({ header }) => header.message));
      return new Promise((resolve) => {
        take = resolve;
      });
    },
  });
  await until(() => messages.length === 1);
  writeFileSync(join(folder, 'journalctl.go'), '');
  await until(() => existsSync(join(folder, 'journalctl.printed')));
  await nextTurn();
  assert.deepEqual(messages, ['message 1']);
  take();
  await until(() => messages.length === 2);
  take();
});

test('stop() ends journalctl, also while it is paused with entries left', async (t) => {
  const { folder } = fakeJournalctl(t, `echo $$ > "$0.pid"; echo '${entryOf(1)}'; exec sleep 60`);
  const heard = read(t);
  heard.reader.pause(true);
  const pidFile = join(folder, 'journalctl.pid');
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
  await heard.reader.stop();
  assert.throws(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0), /ESRCH/);
  assert.deepEqual([heard.faults, heard.messages], [[], []]);
});

test('stop() ends the wait for the next start', async (t) => {
  const { calls } = fakeJournalctl(t, 'exit 1');
  const heard = read(t);
  await until(() => heard.faults.length === 1);
  await heard.reader.stop();
  assert.equal(calls().length, 1);
  assert.equal(heard.faults.length, 1);
});

test('it begins at the beginning or now where it is told to, whatever was saved', async (t) => {
  const { calls } = fakeJournalctl(t, 'exec sleep 60');
  const first = read(t, { start: 'beginning' });
  await until(() => calls().length === 1);
  assert.doesNotMatch(calls()[0] ?? '', /cursor|since/);
  assert.deepEqual(first.positions, [{ sequences: [] }]);
  const before = Date.now() * 1000;
  const last = read(t, { start: 'end' });
  await until(() => last.positions.length === 1);
  const { sinceMicros = 0 } = last.positions[0] ?? {};
  assert.ok(sinceMicros >= before && sinceMicros <= Date.now() * 1000);
});

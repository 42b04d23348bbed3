import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostSampler } from '../../../../nodes/uptime/io/host-sampler.ts';
import { temporaryFolder } from '../../../support/folder.ts';

function writeProc(hostRoot: string, name: string, text: string): void {
  mkdirSync(join(hostRoot, 'proc'), { recursive: true });
  writeFileSync(join(hostRoot, 'proc', name), text);
}

test('a sample has the CPU use since the one before', async () => {
  const hostRoot = temporaryFolder();
  writeProc(hostRoot, 'stat', 'cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 100 0 100 800 0 0 0 0 0 0\n');
  const sampler = new HostSampler(hostRoot);
  assert.equal((await sampler.sample()).cpuPercent, undefined);
  writeProc(hostRoot, 'stat', 'cpu  120 0 110 840 30 0 0 0 0 0\ncpu0 120 0 110 840 30 0 0 0 0 0\n');
  const { cpuPercent, cpuCount } = await sampler.sample();
  assert.deepEqual([cpuPercent, cpuCount], [30, 1]);
});

test('a host without /proc is sampled by what Node.js knows', async () => {
  const sampled = await new HostSampler(temporaryFolder()).sample();
  assert.equal(sampled.memoryTotalBytes, totalmem());
  assert.equal(sampled.cpuCount, cpus().length);
  assert.deepEqual([sampled.bootId, sampled.swapTotalBytes], [undefined, undefined]);
});

test('the sessions of users are counted where the host has systemd-logind', async () => {
  const hostRoot = temporaryFolder();
  const sessions = join(hostRoot, 'run/systemd/sessions');
  mkdirSync(sessions, { recursive: true });
  writeFileSync(join(sessions, '1'), 'CLASS=user\nSTATE=active\n');
  writeFileSync(join(sessions, '2'), 'CLASS=user\nSTATE=closing\n');
  writeFileSync(join(sessions, '3'), 'CLASS=greeter\nSTATE=active\n');
  assert.equal((await new HostSampler(hostRoot).sample()).users, 1);
});

test('logind is asked before `who`, which knows nobody where there are no login records', async (t) => {
  const hostRoot = temporaryFolder();
  const sessions = join(hostRoot, 'run/systemd/sessions');
  mkdirSync(sessions, { recursive: true });
  for (const name of ['1', 'c2']) writeFileSync(join(sessions, name), 'CLASS=user\nSTATE=active\n');
  writeFileSync(join(hostRoot, 'who'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${hostRoot}:${path}`;
  t.after(() => {
    process.env.PATH = path;
  });
  assert.equal((await new HostSampler(hostRoot).sample()).users, 2);
});

test('`who` is asked again only after a login, or while it names somebody', async (t) => {
  const hostRoot = temporaryFolder();
  const logins = join(hostRoot, 'run/utmp');
  mkdirSync(join(hostRoot, 'run'));
  writeFileSync(logins, '');
  // It prints the file of the login records, and notes that it ran.
  writeFileSync(join(hostRoot, 'who'), `#!/bin/sh\necho >> '${hostRoot}/calls'\ncat "$1"\n`, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${hostRoot}:${path}`;
  t.after(() => {
    process.env.PATH = path;
  });
  const sampler = new HostSampler(hostRoot);
  const usersAndCalls = async (): Promise<unknown[]> => {
    const { users } = await sampler.sample();
    return [users, readFileSync(join(hostRoot, 'calls'), 'utf8').length];
  };
  assert.deepEqual(await usersAndCalls(), [0, 1]);
  assert.deepEqual(await usersAndCalls(), [0, 1]);
  writeFileSync(logins, 'ann\n');
  assert.deepEqual(await usersAndCalls(), [1, 2]);
  assert.deepEqual(await usersAndCalls(), [1, 3]);
  writeFileSync(logins, '');
  assert.deepEqual(await usersAndCalls(), [0, 4]);
  assert.deepEqual(await usersAndCalls(), [0, 4]);
});

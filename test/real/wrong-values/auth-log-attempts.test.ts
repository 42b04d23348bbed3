// Risk: a failed login that counts twice, or not at all.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { InfraRecord } from '../../../lib/record.ts';
import { ConnectionMemory } from '../../../nodes/auth-log-in/connections/memory.ts';
import { createLineReader } from '../../../nodes/auth-log-in/message/record.ts';
import { DEBIAN_13, debianMissing, debianRoot } from '../../support/debian.ts';
import { program, real } from '../../support/real.ts';
import { type Attack, attack } from '../../support/ssh-attacker.ts';
import { sshHostMissing, startSshHost } from '../../support/sshd.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const missing = sshHostMissing();
const missing13 = missing ?? debianMissing(DEBIAN_13);
const MINUTES = 60_000;

interface Kind {
  method: Attack['method'];
  config: string[];
}

/** The ways in which a host lets people in. */
const KINDS: { [name: string]: Kind } = {
  'passwords with PAM': { method: 'password', config: ['KbdInteractiveAuthentication no'] },
  'passwords without PAM': { method: 'password', config: ['UsePAM no', 'KbdInteractiveAuthentication no'] },
  'keys only': { method: 'publickey', config: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'] },
  'keys only at VERBOSE': {
    method: 'publickey',
    config: ['LogLevel VERBOSE', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no'],
  },
  'keyboard-interactive with PAM': {
    method: 'keyboard-interactive',
    config: ['KbdInteractiveAuthentication yes', 'PasswordAuthentication no'],
  },
};

/** Two users, one without an account; the client leaves at each point; the last guesses are more than sshd allows. */
function plansOf(method: Attack['method']): Attack[] {
  const ends: [leaves: Attack['leaves'], guesses: number][] = [
    ['connected', 0],
    ['keys', 0],
    ['named', 0],
    ['pending', 1],
    ['pending', 2],
    ['refused', 1],
    ['refused', 2],
    ['refused', 5],
  ];
  return ['root', 'nobody-here'].flatMap((user) =>
    ends.map(([leaves, guesses]) => ({ user, method, guesses, leaves })),
  );
}

/** The log as the node reads it, with a restart in the middle. */
function recordsOf(authLog: string): InfraRecord[] {
  const reader = createLineReader({ host: 'h', zone: '', rawLine: false });
  const lines = readFileSync(authLog, 'utf8').split('\n').slice(0, -1);
  let memory = new ConnectionMemory();
  return lines.map((line, at) => {
    if (at === lines.length >> 1) memory = new ConnectionMemory(JSON.parse(JSON.stringify(memory.save())));
    const record = reader.fromLine(line, `${at}`, Date.now());
    memory.note(record);
    return record;
  });
}

async function countsAreTrue(t: TestContext, { method, config }: Kind, root?: string): Promise<void> {
  // OpenSSH 9.8 shuts out who fails often; and all of them come at once.
  const more = root === undefined ? [] : ['PerSourcePenalties no'];
  const host = await startSshHost({ root, config: ['MaxStartups 100', 'MaxAuthTries 4', ...more, ...config] });
  t.after(() => host.stop());
  const key = join(host.folder, 'other_key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const plans = plansOf(method);
  const made = await Promise.all(plans.map((plan) => attack(host.port, plan, readFileSync(key, 'utf8'))));
  const attempts = made.reduce((sum, count) => sum + count, 0);
  assert.ok(attempts >= plans.length / 2, `${made}`);
  const sum = (): number =>
    recordsOf(host.authLog).reduce((total, { login_failures = 0 }) => total + Number(login_failures), 0);
  const all = (): string => `${made}\n${readFileSync(host.authLog, 'utf8')}`;
  await until(() => sum() >= attempts, 20_000, all);
  // What comes after shows that nothing more was counted meanwhile: sshd writes the ends of all others before this one's.
  const port = await host.login();
  const isOver = (): boolean =>
    recordsOf(host.authLog).some(
      ({ event_action, source_port }) => event_action === 'ssh_disconnect' && source_port === port,
    );
  await until(isOver, 15_000, all);
  assert.equal(sum(), attempts, all());
  const connections = new Set(recordsOf(host.authLog).map(({ connection_id }) => connection_id));
  // PAM answers questions in a process of its own, which tells no port.
  assert.ok(connections.size > plans.length, `${connections.size} connections`);
  const records = recordsOf(host.authLog).filter(({ source_port }) => source_port !== undefined);
  const byPort = new Map(records.map(({ source_port, connection_id }) => [source_port, connection_id]));
  for (const record of records) {
    if (record.event_action !== 'ssh_server') assert.equal(record.connection_id, byPort.get(record.source_port));
  }
}

for (const [name, kind] of Object.entries(KINDS)) {
  test(
    `login_failures of a real sshd sum up to the attempts that were made: ${name}`,
    { ...real(`sshd and rsyslogd (${missing})`, missing === undefined), timeout: 2 * MINUTES },
    (t) => countsAreTrue(t, kind),
  );
  test(`login_failures of the sshd of Debian 13 sum up to the attempts that were made: ${name}`, {
    ...real(`Debian 13 (${missing13})`, missing13 === undefined),
    timeout: 5 * MINUTES,
  }, async (t) => {
    const made = await debianRoot(DEBIAN_13);
    if ('root' in made) await countsAreTrue(t, kind, made.root);
    else if (process.env.REQUIRE_REAL === '1') assert.fail(made.reason);
    else t.skip(made.reason);
  });
}

test(
  'wrong passwords of su and sudo sum up to the attempts that were made',
  real(`sshd, rsyslogd and sudo (${missing})`, missing === undefined && program('sudo') !== undefined),
  async (t) => {
    const host = await startSshHost();
    t.after(() => host.stop());
    const sudoers = join(host.folder, 'sudoers');
    writeFileSync(sudoers, 'nobody ALL=(ALL) ALL\n', { mode: 0o440 });
    // In mounts of its own, so that this machine's file stays as it is.
    const asNobody = 'exec setpriv --reuid nobody --regid nogroup --clear-groups';
    const su = `${asNobody} su -c true root`;
    const sudo = `mount --bind ${sudoers} /etc/sudoers && ${asNobody} sudo -S true`;
    await host.run('bash', ['-c', su], { input: 'wrong\n' });
    await host.run('bash', ['-c', sudo], { input: 'one\ntwo\nthree\n' });
    await host.run('bash', ['-c', su], { input: 'wrong\n' });
    const text = (): string => readFileSync(host.authLog, 'utf8');
    await until(() => text().split('FAILED SU').length === 3, 20_000, text);
    const sum = recordsOf(host.authLog).reduce((total, { login_failures = 0 }) => total + Number(login_failures), 0);
    assert.equal(sum, 5, text());
  },
);

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/auth-log-in/auth-log-in.ts';
import { type RunningFlow, runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

function failed(user: string): string {
  return `2026-11-23T18:04:20.123456+00:00 web1 sshd[123]: Failed password for ${user} from 192.0.2.7 port 5022 ssh2\n`;
}

function flowWith(config: object): object[] {
  return [
    { id: 'a', z: 'f', type: 'auth-log-in', wires: [['out']], ...config },
    { id: 'out', z: 'f', type: 'helper' },
    { id: 'c', z: 'f', type: 'catch', scope: ['a'], wires: [['caught']] },
    { id: 'caught', z: 'f', type: 'helper' },
    { id: 's', z: 'f', type: 'status', scope: ['a'], wires: [['state']] },
    { id: 'state', z: 'f', type: 'helper' },
    { id: 'f', type: 'tab', env: [] },
  ];
}

interface Caught {
  error: { message: string };
}

interface Told {
  status: { text: string };
}

interface Seen {
  flow: RunningFlow;
  records: InfraRecord[];
  faults: string[];
  states: string[];
  users(): string[];
}

async function watch(t: TestContext, config: object, userDir?: string): Promise<Seen> {
  const flow = await runFlow(t, [register], flowWith(config), { userDir });
  const seen: Seen = {
    flow,
    records: [],
    faults: [],
    states: [],
    users: () => seen.records.map(({ user_name }) => String(user_name)),
  };
  flow.node('out').on('input', (msg) => seen.records.push(msg.payload as InfraRecord));
  flow.node('caught').on('input', (msg) => seen.faults.push((msg as unknown as Caught).error.message));
  flow.node('state').on('input', (msg) => seen.states.push((msg as unknown as Told).status.text));
  return seen;
}

/** The test's runtime has no catalogue: a text is its key. */
function following(seen: Seen): Promise<void> {
  return until(
    () => seen.states.includes('auth-log-in.status.noLine'),
    PATIENCE_MS,
    () => String(seen.states),
  );
}

test('auth-log-in sends a record of the contract for each line that is added', async (t) => {
  const file = join(temporaryFolder(), 'auth.log');
  writeFileSync(file, failed('before'));
  const seen = await watch(t, { file });
  await following(seen);
  const next = once(seen.flow.node('out'), 'input');
  appendFileSync(file, failed('alice'));
  const [msg] = await next;
  assert.equal(msg.topic, 'auth/ssh_login_failed');
  const { event_id, host, ...payload } = msg.payload as InfraRecord;
  assert.match(event_id, /^[0-9a-f]{8}-[0-9a-f]{16}(?:-|$)/);
  assert.notEqual(host, '');
  assert.deepEqual(payload, {
    log_type: 'auth',
    time: '2026-11-23T18:04:20.123Z',
    level: 4,
    message: 'Failed password for alice from 192.0.2.7 port 5022 ssh2',
    application_name: 'sshd',
    process_id: 123,
    syslog_hostname: 'web1',
    event_action: 'ssh_login_failed',
    event_outcome: 'failure',
    event_reason: 'wrong_password',
    login_failures: 1,
    user_name: 'alice',
    source_ip: '192.0.2.7',
    source_port: 5022,
    auth_method: 'password',
    connection_id: event_id,
  });
});

test('auth-log-in waits for a missing file, says so once, and reads it from its beginning', async (t) => {
  const file = join(temporaryFolder(), 'auth.log');
  const seen = await watch(t, { file });
  await until(() => seen.faults.length > 0);
  assert.deepEqual(seen.faults, ['auth-log-in.status.missing']);
  writeFileSync(file, failed('first'));
  await until(() => seen.records.length === 1);
  await following(seen);
  assert.deepEqual(seen.users(), ['first']);
  assert.equal(seen.faults.length, 1);
});

test('auth-log-in reports what it cannot read once and goes on when it can', async (t) => {
  const file = join(temporaryFolder(), 'auth.log');
  // A folder in the file's place cannot be read by root either.
  mkdirSync(file);
  const seen = await watch(t, { file });
  await until(() => seen.faults.length > 0);
  assert.deepEqual(seen.faults, ['auth-log-in.status.unreadable']);
  rmdirSync(file);
  writeFileSync(file, failed('alice'));
  await until(() => seen.records.length === 1);
  assert.equal(seen.faults.filter((text) => text === 'auth-log-in.status.unreadable').length, 1);
});

test('auth-log-in goes on where it left off after a restart, also in a file that was rotated meanwhile', async (t) => {
  const path = temporaryFolder();
  const file = join(path, 'auth.log');
  writeFileSync(file, failed('old'));
  const first = await watch(t, { file }, path);
  await following(first);
  appendFileSync(file, failed('a'));
  await until(() => first.records.length === 1);
  await first.flow.stop();
  appendFileSync(file, failed('b'));
  renameSync(file, `${file}.1`);
  writeFileSync(file, failed('c'));
  const second = await watch(t, { file }, path);
  await until(() => second.users().at(-1) === 'c');
  // What was handed on within the last second before the stop may come again, as the same event.
  const again = second.records.filter(({ event_id }) => event_id === first.records[0]?.event_id);
  assert.deepEqual(second.users(), again.length === 1 ? ['a', 'b', 'c'] : ['b', 'c']);
});

test('auth-log-in starts at the beginning or the end when it is told to', async (t) => {
  const file = join(temporaryFolder(), 'auth.log');
  writeFileSync(file, failed('old'));
  const all = await watch(t, { file, start: 'beginning' });
  await until(() => all.records.length === 1);
  await all.flow.stop();
  const none = await watch(t, { file, start: 'end' });
  await following(none);
  appendFileSync(file, failed('new'));
  await until(() => none.records.length === 1);
  assert.deepEqual(none.users(), ['new']);
});

test('auth-log-in takes the file from AUTH_LOG when the dialog names none', async (t) => {
  const file = join(temporaryFolder(), 'auth.log');
  writeFileSync(file, failed('alice'));
  process.env.AUTH_LOG = file;
  t.after(() => delete process.env.AUTH_LOG);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what Node-RED leaves where a variable is not set
  const seen = await watch(t, { file: '${NOT_SET_ANYWHERE}', start: 'beginning' });
  await until(() => seen.records.length === 1);
  assert.deepEqual(seen.users(), ['alice']);
});

test('auth-log-in takes the first log that exists under HOST_ROOT', async (t) => {
  const root = temporaryFolder();
  process.env.HOST_ROOT = root;
  t.after(() => delete process.env.HOST_ROOT);
  const seen = await watch(t, { start: 'beginning' });
  await until(() => seen.faults.length === 1);
  assert.deepEqual(seen.faults, ['auth-log-in.status.none']);
  mkdirSync(join(root, 'var/log'), { recursive: true });
  writeFileSync(join(root, 'var/log/secure'), failed('alice'));
  await until(() => seen.records.length === 1);
});

test('auth-log-in leaves out what its options leave out', async (t) => {
  const file = join(temporaryFolder(), 'auth.log');
  const cron =
    '2026-11-23T18:05:01+00:00 web1 CRON[7]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)\n';
  const accepted = failed('bob').replace('Failed', 'Accepted');
  writeFileSync(file, cron + accepted + failed('alice'));
  const failures = await watch(t, { file, start: 'beginning', onlyFailures: true, rawLine: true });
  await until(() => failures.records.length === 1);
  assert.equal(failures.records[0]?.full_message, failed('alice').trimEnd());
  await failures.flow.stop();
  const ssh = await watch(t, { file, start: 'beginning', onlySsh: true });
  await until(() => ssh.records.length === 2);
  await ssh.flow.stop();
  const some = await watch(t, { file, start: 'beginning', include: 'sshd, CRON', exclude: 'sshd' });
  await until(() => some.records.length === 1);
  assert.deepEqual(some.users(), ['root']);
});

test('auth-log-in names a property that it cannot use and stays loaded', async (t) => {
  const seen = await watch(t, { file: 'auth.log' });
  assert.equal(seen.flow.node('a').type, 'auth-log-in');
});

// Risk: each part works, and the default flow as a whole does not.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Document, receiveTcp, receiveUdp } from '../../support/graylog.ts';
import { startByScript } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';
import { type SshHost, sshHostMissing, startSshHost } from '../../support/sshd.ts';
import { until } from '../../support/until.ts';

const missing = sshHostMissing();
const sshd = real(`sshd and rsyslogd (${missing})`, missing === undefined);
const DEADLINE_MS = 30_000;

type Find = (test: (document: Document) => boolean) => Promise<Document>;

function ofKind(logType: string, action?: string): (document: Document) => boolean {
  return (document) => document._log_type === logType && (action === undefined || document._event_action === action);
}

/** What the issue asks of a host: a refused and an accepted login, disks, uptime and the check of an endpoint. */
async function seesHost(find: Find, host: SshHost): Promise<void> {
  const disk = await find(ofKind('disk'));
  assert.ok(Number(disk._disk_total_bytes) > 0);
  const uptime = await find(ofKind('uptime'));
  assert.ok(Number(uptime._uptime_seconds) > 0);
  const check = await find(ofKind('http_check'));
  assert.equal(check._http_response_code, 200);
  assert.equal(check._result_type, 'success');

  const refusedPort = await host.refuse('mallory');
  const refused = await find(ofKind('auth', 'ssh_login_failed'));
  assert.equal(refused._user_name, 'mallory');
  assert.equal(refused._source_ip, '127.0.0.1');
  assert.equal(refused._source_port, refusedPort);
  assert.equal(refused._event_outcome, 'failure');
  assert.equal(refused._auth_method, 'password');
  assert.equal(refused.level, 4);

  const acceptedPort = await host.login();
  const accepted = await find(ofKind('auth', 'ssh_login'));
  assert.equal(accepted._user_name, host.user);
  assert.equal(accepted._source_ip, '127.0.0.1');
  assert.equal(accepted._source_port, acceptedPort);
  assert.equal(accepted._event_outcome, 'success');
  assert.equal(accepted._auth_method, 'publickey');
  for (const document of [disk, uptime, check, refused, accepted]) assert.equal(document.host, 'chain-test');
}

async function startChain(t: TestContext, env: NodeJS.ProcessEnv) {
  const host = await startSshHost();
  t.after(() => host.stop());
  const nodeRed = await startByScript(t, {
    env: { ...env, AUTH_LOG: host.authLog, MONITORED_HOST: 'chain-test' },
  });
  await nodeRed.logged(/Started flows/);
  return { host, nodeRed };
}

test('logins at a real sshd, disks, uptime and an HTTP check arrive over TCP with npm start', sshd, async (t) => {
  const receiver = await receiveTcp(t);
  const { host } = await startChain(t, { LOGGING_URL: `tcp://127.0.0.1:${receiver.port}` });
  await seesHost((kind) => receiver.find(kind, DEADLINE_MS), host);
  assert.deepEqual(receiver.faults, []);
  // One that is used, and one that has been asked to confirm.
  assert.ok(receiver.open <= 2, `${receiver.open} connections are open`);
});

test('the same over UDP', sshd, async (t) => {
  const receiver = await receiveUdp(t);
  const { host } = await startChain(t, { LOGGING_URL: `udp://127.0.0.1:${receiver.port}` });
  await seesHost((kind) => receiver.find(kind, DEADLINE_MS), host);
  assert.deepEqual(receiver.faults, []);
});

test('with no LOGGING_URL the records are collected in the user directory', sshd, async (t) => {
  const { host, nodeRed } = await startChain(t, { LOGGING_URL: '' });
  const file = join(nodeRed.userDir, 'infra-monitoring/collected.ndjson');
  const collected = (): Document[] => {
    try {
      return readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Document);
    } catch {
      return [];
    }
  };
  await seesHost(async (kind) => {
    await until(() => collected().some(kind), DEADLINE_MS);
    return collected().find(kind) as Document;
  }, host);
});

test('a port of its own for auth lines is used', sshd, async (t) => {
  const general = await receiveTcp(t);
  const auth = await receiveTcp(t);
  const { host } = await startChain(t, {
    LOGGING_URL: '127.0.0.1',
    LOGGING_PORT: String(general.port),
    LOGGING_PORT_AUTH_LOG: String(auth.port),
  });
  await host.refuse('mallory');
  await auth.find(ofKind('auth', 'ssh_login_failed'), DEADLINE_MS);
  await general.find(ofKind('uptime'), DEADLINE_MS);
  assert.equal(general.documents.some(ofKind('auth')), false);
  assert.equal(auth.documents.some(ofKind('uptime')), false);
});

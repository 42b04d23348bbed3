// Risk: a login in another form than the one that sshd writes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import register from '../../../nodes/auth-log-in/auth-log-in.ts';
import { runFlow } from '../../support/flow.ts';
import { real } from '../../support/real.ts';
import { sshHostMissing, startSshHost } from '../../support/sshd.ts';
import { until } from '../../support/until.ts';

const missing = sshHostMissing();

for (const timestamps of ['rfc3339', 'traditional'] as const) {
  test(
    `a refused and an accepted login at a real sshd arrive as records (${timestamps} stamps)`,
    real(`sshd and rsyslogd (${missing})`, missing === undefined),
    async (t) => {
      const host = await startSshHost({ timestamps });
      t.after(() => host.stop());
      const flow = await runFlow(
        t,
        [register],
        [
          { id: 'a', z: 'f', type: 'auth-log-in', file: host.authLog, start: 'checkpoint', wires: [['out']] },
          { id: 'out', z: 'f', type: 'helper' },
          { id: 'f', type: 'tab' },
        ],
      );
      const records: InfraRecord[] = [];
      flow.node('out').on('input', (msg) => records.push(msg.payload as InfraRecord));
      const began = Date.now();
      const refusedPort = await host.refuse('nobody-here');
      const acceptedPort = await host.login();
      const all = (): string => JSON.stringify(records, undefined, 1);
      await until(() => records.some(({ event_action }) => event_action === 'ssh_login'), 15_000, all);
      await until(() => records.some(({ event_action }) => event_action === 'session_closed'), 15_000, all);

      const refused = records.find(({ event_action }) => event_action === 'ssh_login_failed');
      assert.ok(refused, all());
      assert.equal(refused.user_name, 'nobody-here');
      assert.equal(refused.source_ip, '127.0.0.1');
      assert.equal(refused.source_port, refusedPort);
      assert.equal(refused.event_outcome, 'failure');
      assert.equal(refused.auth_method, 'password');
      assert.equal(refused.level, 4);
      const accepted = records.find(({ event_action }) => event_action === 'ssh_login');
      assert.ok(accepted, all());
      assert.equal(accepted.user_name, host.user);
      assert.equal(accepted.source_ip, '127.0.0.1');
      assert.equal(accepted.source_port, acceptedPort);
      assert.equal(accepted.event_outcome, 'success');
      assert.equal(accepted.auth_method, 'publickey');
      assert.match(String(accepted.ssh_signature), /^ED25519 SHA256:/);
      for (const record of records) {
        assert.equal(record.log_type, 'auth');
        // Modules that miss their daemon on this machine say so too; what sshd says must be understood.
        if (!record.message.startsWith('pam_')) assert.notEqual(record.event_action, 'other', record.message);
        const time = Date.parse(record.time);
        assert.ok(time > began - 2000 && time < Date.now() + 2000, record.time);
      }
      assert.equal(new Set(records.map(({ event_id }) => event_id)).size, records.length);
    },
  );
}

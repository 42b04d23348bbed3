import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_CONNECTIONS } from '../../../../nodes/auth-log-in/connections/connection-index.ts';
import { ConnectionMemory } from '../../../../nodes/auth-log-in/connections/memory.ts';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

test('a connection that is remembered in the place of a forgotten one has nothing of it', () => {
  const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });
  const memory = new ConnectionMemory();
  const note = (process: number, second: number, message: string): object => {
    const time = new Date(Date.UTC(2026, 10, 24) + second * 1000).toISOString();
    const record = reader.fromLine(`${time} web1 sshd[${process}]: ${message}`, `id-${process}-${second}`, 0);
    memory.note(record, reader.fields);
    return record;
  };
  for (let process = 1; process <= MOST_CONNECTIONS + 64; process++) {
    note(process, 1, `Accepted password for alice from 192.0.2.7 port ${1024 + process} ssh2`);
  }
  // Those logged in above are kept for long: the first were forgotten for want of room, and are others now.
  for (let process = 10_000; process < 10_200; process++) {
    const { message, ...record } = { ...note(process, 2, 'fatal: nothing known') } as { message: string };
    assert.equal(message, 'fatal: nothing known');
    assert.equal('user_name' in record || 'source_ip' in record || 'source_port' in record, false, String(process));
    const failed = note(process, 3, 'Failed password for root from 203.0.113.9 port 5022 ssh2');
    assert.equal('login_failures' in failed && failed.login_failures, 1);
    assert.equal('connection_id' in failed && failed.connection_id, `id-${process}-2`);
  }
});

test('sshd with the number and the client of a dropbear is not taken for it, also after a restart', () => {
  const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });
  const note = (memory: ConnectionMemory, id: string, text: string): object => {
    const record = reader.fromLine(`2026-11-24T10:00:0${id}Z web1 ${text}`, id, 0);
    memory.note(record, reader.fields);
    return record;
  };
  const memory = new ConnectionMemory();
  note(memory, '1', 'dropbear[100]: Child connection from 192.0.2.7:5000');
  for (const after of [new ConnectionMemory(memory.save()), memory]) {
    const closed = note(after, '2', 'sshd[100]: Connection closed by 192.0.2.7 port 5000');
    assert.equal('connection_id' in closed && closed.connection_id, '2');
    assert.equal(after.save().connections.length, 1);
  }
});

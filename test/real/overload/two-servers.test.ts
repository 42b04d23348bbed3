// Risk: a server whose buffer is full holds up the sources of another one.

import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

const line = (user: string): string =>
  `2026-11-23T18:04:20Z web1 sshd[1]: Invalid user ${user} from 192.0.2.7 port 1 ${'x'.repeat(400)}\n`;

test('a dead server with a full buffer pauses its own source, which says so, and never that of another server', async (t) => {
  const userDir = temporaryFolder();
  const [alive, dead] = [join(userDir, 'alive.log'), join(userDir, 'dead.log')];
  const receiver = await receiveTcp(t);
  const gone = await receiveTcp(t);
  await gone.close();
  const small = { bufferMegabytes: '1', diskMegabytes: '0' };
  const flow = [
    { id: 'f', type: 'tab' },
    { id: 'A', type: 'graylog-server', name: 'alive', endpoints: `tcp://127.0.0.1:${receiver.port}` },
    { id: 'B', type: 'graylog-server', name: 'dead', endpoints: `tcp://127.0.0.1:${gone.port}`, ...small },
    { id: 'toA', z: 'f', type: 'graylog-out', server: 'A', wires: [] },
    { id: 'toB', z: 'f', type: 'graylog-out', server: 'B', wires: [] },
    { id: 'a', z: 'f', type: 'auth-log-in', file: alive, wires: [['toA']] },
    { id: 'b', z: 'f', type: 'auth-log-in', file: dead, start: 'beginning', wires: [['toB']] },
    // What the sources show goes to the server that is there.
    { id: 'shows', z: 'f', type: 'status', scope: ['a', 'b'], wires: [['text']] },
    {
      id: 'text',
      z: 'f',
      type: 'change',
      rules: [
        {
          t: 'set',
          p: 'payload',
          pt: 'msg',
          to: '$string(status.source.id) & " shows " & status.text',
          tot: 'jsonata',
        },
      ],
      wires: [['toA']],
    },
  ];
  writeFileSync(alive, '');
  writeFileSync(dead, Array.from({ length: 5_000 }, (_, n) => line(`d${n}`)).join(''));
  const nodeRed = await startNodeRed(t, { userDir, flow });
  const shown = (): string[] => receiver.documents.map(({ short_message }) => String(short_message));
  await until(
    () => shown().includes('b shows paused for dead'),
    20_000,
    () => shown().join('\n') + nodeRed.log(),
  );
  for (let n = 0; n < 20; n += 1) {
    appendFileSync(alive, line(`a${n}`));
    await receiver.find(({ _user_name }) => _user_name === `a${n}`, 5_000);
  }
  assert.deepEqual(
    shown().filter((text) => /^a shows .*paused/.test(text)),
    [],
  );
});

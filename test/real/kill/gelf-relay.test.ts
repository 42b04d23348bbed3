// Risk: kill -9 of a relay between the frame that it has read and the buffer that it goes to.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { selfSigned } from '../../support/certificate.ts';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Receiver, receiveTcp } from '../../support/graylog.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const COUNT = 12_000;
const KILLS = 2;
/** What a sender has to be told is safe before the relay is killed. */
const CONFIRMED = 500;
const SCHEMES = ['tcp', 'tls', 'http'] as const;

interface Relay {
  readonly red: RunningNodeRed;
  kill(): Promise<void>;
}

function flow(scheme: string, port: number, receiver: Receiver, folder: string): object[] {
  const transport = scheme === 'http' ? 'http' : 'tcp';
  const files = { certType: 'files', cert: join(folder, 'cert'), key: join(folder, 'key'), ca: '', servername: '' };
  return [
    { id: 'tab1', type: 'tab', label: 'relay' },
    { id: 'tls1', type: 'tls-config', name: '', verifyservercert: true, alpnprotocol: '', ...files },
    { id: 'server1', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}`, host: 'relay' },
    {
      ...{ id: 'in1', z: 'tab1', x: 0, y: 0, type: 'gelf-in', transport, port: String(port), address: '127.0.0.1' },
      ...{ tls: scheme === 'tls' ? 'tls1' : '', wires: [['out1']] },
    },
    { id: 'out1', z: 'tab1', x: 0, y: 0, type: 'graylog-out', server: 'server1', port: '', wires: [] },
  ];
}

async function startRelay(t: TestContext, userDir: string, nodes: object[]): Promise<Relay> {
  const red = await startNodeRed(t, { userDir, flow: nodes, env: { MONITORED_HOST: 'relay' } });
  return { red, kill: () => red.kill() };
}

describe('a relay that is killed again and again loses nothing', { concurrency: SCHEMES.length }, () => {
  for (const scheme of SCHEMES) {
    test(`over ${scheme}`, { timeout: 180_000 }, async (t) => {
      const userDir = temporaryFolder();
      const { cert, key } = selfSigned();
      writeFileSync(join(userDir, 'cert'), cert);
      writeFileSync(join(userDir, 'key'), key);
      const receiver = await receiveTcp(t);
      const port = await freePort();
      const nodes = flow(scheme, port, receiver, userDir);
      const config = { confirmSeconds: '1', bulk: true };
      const tls = scheme === 'tls' ? { tls: { ca: cert } } : {};
      const sender = openDelivery(t, { url: `${scheme}://127.0.0.1:${port}`, config, ...tls });
      let relay = await startRelay(t, userDir, nodes);
      for (let kill = 0; kill < KILLS; kill += 1) {
        const from = (COUNT / KILLS) * kill;
        const before = sender.delivery.counters.sent;
        // What the relay hands on comes to nobody: it lies in the relay alone, which has told its sender that it is safe.
        receiver.stall(true);
        const shipping = sender.ship(from, from + COUNT / KILLS, 20);
        await until(() => sender.delivery.counters.sent >= before + CONFIRMED, 60_000);
        await relay.kill();
        receiver.reset();
        receiver.stall(false);
        await shipping;
        relay = await startRelay(t, userDir, nodes);
      }
      await receiver.until((all) => hasAll(all, COUNT), 90_000);
      const relays = new Set(receiver.documents.filter(({ _n }) => _n !== undefined).map((one) => one._relay_host));
      assert.deepEqual([...relays], ['relay']);
      assert.deepEqual(sender.refused, []);
      assert.deepEqual(receiver.faults, []);
    });
  }
});

// Risk: what Docker's own gelf driver sends is not taken as Graylog takes it.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { IMAGE, missingForDocker, startEngine, type TestEngine } from '../../support/docker.ts';
import { type Document, type Receiver, receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';

const LINES = 2_000;
/** The driver takes its time to pack, and the engine waits for it for ten seconds only once the container has ended. */
const PACKED_LINES = 200;
const missing = missingForDocker();
/** A line now and then: UDP loses what comes faster than it is read. */
const writer = (lines: number): string =>
  `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "line $i"; [ $((i % 50)) = 0 ] && sleep 0.01; done; echo oops >&2`;

async function relayTo(t: TestContext, receiver: Receiver): Promise<number> {
  const port = await freePort();
  const place = { z: 'tab1', x: 0, y: 0 };
  const red = await startNodeRed(t, {
    env: { MONITORED_HOST: 'relay' },
    flow: [
      { id: 'tab1', type: 'tab', label: 'relay' },
      { id: 'server1', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}`, host: 'relay' },
      { id: 'in1', ...place, type: 'gelf-in', port: String(port), address: '127.0.0.1', wires: [['out1']] },
      { id: 'out1', ...place, type: 'graylog-out', server: 'server1', port: '', wires: [] },
    ],
  });
  await red.logged(/Started flows/);
  return port;
}

function run(engine: TestEngine, name: string, options: readonly string[], command: string): Promise<string> {
  const log = options.flatMap((option) => ['--log-opt', option]);
  return engine.docker(
    'run',
    '--name',
    name,
    '--network',
    'none',
    '--log-driver',
    'gelf',
    ...log,
    IMAGE,
    'sh',
    '-c',
    command,
  );
}

const of =
  (name: string) =>
  (document: Document): boolean =>
    document._container_name === name;

test(
  'its lines arrive line for line, over UDP packed and not, and over TCP',
  real('Docker Engine', missing === undefined),
  async (t) => {
    const engine = await startEngine(t);
    const receiver = await receiveTcp(t);
    const port = await relayTo(t, receiver);
    const ways = {
      plain: [`gelf-address=udp://127.0.0.1:${port}`, 'gelf-compression-type=none'],
      gzip: [`gelf-address=udp://127.0.0.1:${port}`, 'gelf-compression-type=gzip'],
      zlib: [`gelf-address=udp://127.0.0.1:${port}`, 'gelf-compression-type=zlib'],
      tcp: [`gelf-address=tcp://127.0.0.1:${port}`],
    };
    for (const [name, options] of Object.entries(ways)) {
      const count = name === 'gzip' || name === 'zlib' ? PACKED_LINES : LINES;
      const expected = Array.from({ length: count }, (_, i) => `line ${i + 1}`);
      await run(engine, name, options, writer(count));
      await receiver.until((all) => all.filter(of(name)).length >= count + 1, 30_000);
      const documents = receiver.documents.filter(of(name));
      const lines = documents.filter(({ level }) => level === 6).map(({ short_message: text }) => String(text));
      assert.deepEqual(name === 'zlib' ? lines.sort() : lines, name === 'zlib' ? expected.sort() : expected, name);
      const [error] = documents.filter(({ level }) => level === 3);
      assert.equal(error?.short_message, 'oops');
      assert.equal(error?._image_name, IMAGE);
      assert.match(String(error?._container_id), /^[0-9a-f]{64}$/);
      assert.equal(error?._relay_host, 'relay');
      assert.equal(error?._log_type, undefined);
      assert.equal(error?._event_id, undefined);
    }
    const long = `head -c 60000 /dev/zero | tr '\\0' x; echo`;
    await run(engine, 'long', [`gelf-address=udp://127.0.0.1:${port}`, 'gelf-compression-type=none'], long);
    const pieces = await receiver.until(
      (all) => all.filter(of('long')).reduce((sum, one) => sum + String(one.short_message).length, 0) >= 60_000,
    );
    assert.ok(pieces.filter(of('long')).length >= 4);
    assert.deepEqual(receiver.faults, []);
  },
);

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StaticFields } from '../../../../lib/static-fields.ts';
import { InstanceMetadata, readInstance } from '../../../../nodes/graylog-server/io/instance-metadata.ts';
import { startMetadata } from '../../../support/instance-metadata.ts';
import { freePort } from '../../../support/ports.ts';
import { program, real } from '../../../support/real.ts';
import { turns } from '../../../support/turns.ts';
import { PATIENCE_MS } from '../../../support/until.ts';

const DOCUMENT = {
  instanceId: 'i-0123456789abcdef0',
  region: 'eu-central-1',
  instanceType: 't4g.small',
  availabilityZone: 'eu-central-1b',
};
const FIELDS = {
  ec2_instance_id: 'i-0123456789abcdef0',
  ec2_region: 'eu-central-1',
  ec2_instance_type: 't4g.small',
  ec2_availability_zone: 'eu-central-1b',
};
const patience = (): AbortSignal => AbortSignal.timeout(PATIENCE_MS);

async function listen(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a token is asked for first, and the document has all fields', async (t) => {
  const { base, asked } = await startMetadata(t, { 'dynamic/instance-identity/document': JSON.stringify(DOCUMENT) });
  assert.deepEqual(await readInstance(base, patience()), FIELDS);
  assert.deepEqual(asked, ['PUT api/token', 'GET dynamic/instance-identity/document']);
});

test('without a document each field is asked for by itself, and one that is missing is left out', async (t) => {
  const { base } = await startMetadata(t, {
    'meta-data/instance-id': 'i-0123456789abcdef0',
    'meta-data/placement/availability-zone': 'eu-central-1b',
  });
  assert.deepEqual(await readInstance(base, patience()), {
    ec2_instance_id: 'i-0123456789abcdef0',
    ec2_availability_zone: 'eu-central-1b',
  });
});

test('a service that refuses, tells nothing, is away or does not answer is said', async (t) => {
  const refusing = await listen(t, (_, response) => response.writeHead(403).end());
  await assert.rejects(readInstance(refusing, patience()), { code: 'METADATA_STATUS', values: { status: 403 } });
  const { base } = await startMetadata(t, {});
  await assert.rejects(readInstance(base, patience()), { code: 'METADATA_EMPTY' });
  await assert.rejects(readInstance(`http://127.0.0.1:${await freePort()}`, patience()), {
    code: 'METADATA_NO_ANSWER',
  });
  const silent = await listen(t, () => undefined);
  await assert.rejects(readInstance(silent, AbortSignal.timeout(50)), { code: 'METADATA_NO_ANSWER' });
});

test('the fields come later where the service does, once; the fault is said once, and a close ends the asking', async (t) => {
  const faults: unknown[] = [];
  const found: StaticFields[] = [];
  let isUp = false;
  const base = await listen(t, ({ method }, response) => {
    if (!isUp) response.destroy();
    else response.end(method === 'PUT' ? 'token' : JSON.stringify(DOCUMENT));
  });
  t.mock.method(globalThis.Math, 'random', () => 0);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const options = {
    base,
    onFields: (fields: StaticFields) => found.push(fields),
    onFault: (e: unknown) => faults.push(e),
  };
  const metadata = new InstanceMetadata(options);
  t.after(() => metadata.close());
  await turns(() => faults.length === 1);
  isUp = true;
  await turns(() => {
    t.mock.timers.tick(3_000);
    return found.length === 1;
  });
  assert.deepEqual([found, faults.length], [[FIELDS], 1]);
});

const CHILD = fileURLToPath(new URL('../../../support/instance-child.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

test(
  'at the address that every instance has, past a proxy of the environment, the service is found',
  real('a network namespace', isRoot && program('unshare') !== undefined && program('ip') !== undefined),
  async () => {
    const setUp = 'ip link set lo up && ip address add 169.254.169.254/32 dev lo';
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['--net', 'sh', '-c', `${setUp} && exec "$0" "$1"`, process.execPath, CHILD],
      { env: { ...process.env, http_proxy: 'http://192.0.2.1:1', NODE_USE_ENV_PROXY: '1' }, timeout: 30_000 },
    );
    assert.deepEqual(JSON.parse(stdout), FIELDS);
  },
);

// Risk: the name of the server gets another address.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Answer, startDnsServer } from '../../support/dns-server.ts';
import { type Receiver, type ReceiverOptions, receiveHttp, receiveTcp } from '../../support/graylog.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

/** Another one than that of other tests, which run at the same time. */
const NAME_SERVER = '127.53.77.2';
const CHILD = join(import.meta.dirname, '../../support/renewing-child.ts');
const isRoot = process.platform === 'linux' && process.getuid?.() === 0 && program('unshare') !== undefined;

const transports: [string, (t: TestContext, options: ReceiverOptions) => Promise<Receiver>][] = [
  ['tcp', receiveTcp],
  ['http', receiveHttp],
];

for (const [scheme, receive] of transports) {
  test(`over ${scheme} the name of the server is looked up at each connect: when it moves, records follow it`, {
    ...real('mount namespace (root)', isRoot),
    timeout: 60_000,
  }, async (t) => {
    const names: { [name: string]: Answer } = { 'graylog.test': { a: '127.0.0.1' } };
    t.after(await startDnsServer(names, NAME_SERVER, 53));
    const before = await receive(t, {});
    const after = await receive(t, { port: before.port, host: '127.0.0.2' });
    const folder = mkdtempSync(join(tmpdir(), 'infra-moving-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'resolv.conf'), `nameserver ${NAME_SERVER}\noptions timeout:1 attempts:1\n`);
    const script = 'mount --bind "$0/resolv.conf" /etc/resolv.conf && exec "$@"';
    const url = `${scheme}://graylog.test:${before.port}`;
    const args = ['--mount', 'sh', '-c', script, folder, process.execPath, CHILD, folder, url];
    const child = spawn('unshare', args, { stdio: ['ignore', 'inherit', 'inherit'] });
    t.after(async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    });

    await before.until((all) => all.length > 20, 30_000);
    assert.equal(after.documents.length, 0);
    names['graylog.test'] = { a: '127.0.0.2' };
    await after.until((all) => all.length > 20, 30_000);
    await until(() => before.open === 0);
    const all = [...before.documents, ...after.documents];
    assert.deepEqual(
      all.map(({ _n }) => _n),
      all.map((_, n) => n),
    );
  });
}

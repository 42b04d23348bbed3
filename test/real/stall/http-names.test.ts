// Risk: a name server answers late or never.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { program, real } from '../../support/real.ts';

interface Asked {
  type: string;
  phase?: string;
  dns: number;
  totalMs: number;
}

interface Answers {
  slow: Asked;
  missing: Asked;
  six: Asked;
  notFour: Asked;
  fileMs: number;
  beside: Asked[];
  named: { address: string }[];
  dead: Asked[];
}

/** An address of the loopback network that nothing else here uses; resolv.conf knows no port but 53. */
const NAME_SERVER = '127.53.77.1';
const isRoot = process.platform === 'linux' && process.getuid?.() === 0 && program('unshare') !== undefined;

test(
  'names that a name server answers late, never or not at all are told apart and delay no other check',
  real('mount namespace (root)', isRoot),
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'infra-names-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(
      join(folder, 'resolv.conf'),
      `nameserver ${NAME_SERVER}\nsearch inside.test\noptions timeout:1 attempts:1 ndots:2\n`,
    );
    writeFileSync(join(folder, 'hosts'), '127.0.0.1 localhost hosts.test\n');
    const script = 'mount --bind "$0/resolv.conf" /etc/resolv.conf && mount --bind "$0/hosts" /etc/hosts && exec "$@"';
    const child = join(import.meta.dirname, '../../support/http-names-child.ts');
    const args = ['--mount', 'sh', '-c', script, folder, process.execPath, child, NAME_SERVER];
    const { stdout } = await promisify(execFile)('unshare', args, { timeout: 30_000 });
    const { slow, missing, six, notFour, fileMs, beside, named, dead: unanswered } = JSON.parse(stdout) as Answers;

    assert.equal(slow.type, 'success');
    assert.ok(slow.dns >= 395 && slow.dns < 2_000, `${slow.dns}`);
    assert.deepEqual([missing.type, missing.phase], ['dns_error', 'dns']);
    assert.equal(six.type, 'success');
    assert.deepEqual([notFour.type, notFour.phase], ['dns_error', 'dns']);
    for (const { type, totalMs } of beside) {
      assert.equal(type, 'success');
      assert.ok(totalMs < 1_000, `${JSON.stringify(beside)}`);
    }
    assert.deepEqual(named, [{ address: '127.0.0.1', family: 4 }]);
    assert.ok(fileMs < 500, `${fileMs}`);
    for (const { type, phase } of unanswered) {
      assert.ok(type === 'timeout' || type === 'dns_error', type);
      assert.equal(phase, 'dns');
    }
  },
);

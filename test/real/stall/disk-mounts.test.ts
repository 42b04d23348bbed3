// Risk: a mounted disk that never answers.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { program, real } from '../../support/real.ts';

interface Rounds {
  /** Milliseconds that a round took, and what it says of each mount. */
  rounds: { ms: number; hung: string[]; root: string }[];
  fileMs: number;
  after: string[];
}

const canMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync('/dev/fuse') &&
  program('unshare') !== undefined;

for (const kind of ['fuse', 'ext4']) {
  const what = kind === 'fuse' ? 'network mounts' : 'disks';
  test(
    `${what} that hang are stale and delay neither the others nor the files`,
    real('/dev/fuse (root)', canMount),
    async () => {
      const child = join(import.meta.dirname, '../../support/hung-mounts-child.ts');
      const args = ['--mount', process.execPath, child, kind];
      const { stdout } = await promisify(execFile)('unshare', args, { timeout: 30_000 });
      const { rounds, fileMs, after } = JSON.parse(stdout) as Rounds;
      for (const { hung, root } of rounds) {
        assert.deepEqual([...new Set(hung)], ['stale']);
        assert.equal(root, 'usage');
      }
      // The first round waits for the deadline of 600 ms, all mounts together.
      assert.ok((rounds[0]?.ms ?? 0) < 1_500, JSON.stringify(rounds));
      assert.ok(fileMs < 300, `${fileMs}`);
      assert.deepEqual([...new Set(after)], ['fault']);
    },
  );
}

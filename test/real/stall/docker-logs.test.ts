// Risk: an engine loses its place in a log, and the stream stands still without an end.

import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { test } from 'node:test';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { ENGINE_RELEASES } from '../../support/engine-releases.ts';
import { followLines, numberedWriter } from '../../support/numbered-lines.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const DETACHED = ['run', '-d', '--network', 'none', '--stop-signal', 'KILL'];

for (const release of ENGINE_RELEASES) {
  const missing = missingForDocker(true, release);
  const present = { ...real(`Docker Engine (${release}): ${missing}`, missing === undefined), timeout: 120_000 };

  test(
    `no line is lost where a followed log is cut to nothing, as by copytruncate (${release})`,
    present,
    async (t) => {
      const { docker, host } = await startEngine(t, true, release);
      await docker(...DETACHED, '--name', 'web', IMAGE, 'sh', '-c', numberedWriter(20));
      const { lines, notices } = followLines(t, host, { quietMs: 2_000 });
      await until(() => lines.count >= 20);
      const path = (await docker('inspect', '--format', '{{.LogPath}}', 'web')).trim();
      for (let turn = 0; turn < 2; turn += 1) {
        truncateSync(path);
        const wanted = lines.highest + 100;
        await until(() => lines.highest > wanted, 30_000);
      }
      // What stood in the file when it was cut had been read before.
      assert.deepEqual(lines.missing(lines.highest), []);
      assert.deepEqual(lines.otherIds, []);
      assert.deepEqual(notices, []);
      t.diagnostic(lines.inWords());
    },
  );
}

// A log that is rotated and packed every few seconds, read for ten minutes. `npm run soak`; `SOAK_SECONDS=60` makes it that long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IMAGE, missingForDocker, startEngine } from '../support/docker.ts';
import { ENGINE_RELEASES } from '../support/engine-releases.ts';
import { followLines, numberedWriter } from '../support/numbered-lines.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 600);
const PER_SECOND = 2_000;
/** What an engine throws away before a minute is over nobody can read: 60 files are two minutes. */
const ROTATION = ['--log-opt', 'max-size=500k', '--log-opt', 'max-file=60', '--log-opt', 'compress=true'];

for (const release of ENGINE_RELEASES) {
  const missing = missingForDocker(true, release);
  const timeout = (SECONDS * 3 + 600) * 1_000;
  const present = { ...real(`Docker Engine (${release}): ${missing}`, missing === undefined), timeout };

  test(
    `2,000 lines/s for ten minutes, rotated and packed at 500 kB: none lost, a minute late at most (${release})`,
    present,
    async (t) => {
      const { docker, host } = await startEngine(t, true, release);
      const { lines, notices } = followLines(t, host);
      const count = PER_SECOND * SECONDS;
      const settings = ['--network', 'none', '--log-driver', 'json-file', ...ROTATION];
      await docker('run', '-d', '--name', 'web', ...settings, IMAGE, 'sh', '-c', numberedWriter(PER_SECOND, count));
      await docker('wait', 'web');
      await until(() => lines.count >= count, 300_000).catch(() => undefined);
      const missing = lines.missing(count);
      console.log(
        `${release}: ${lines.inWords()}, ${missing.length} lost${missing.length > 0 ? ` (${missing.slice(0, 5)} …)` : ''}`,
      );
      assert.deepEqual([missing.length, lines.otherIds.length, notices], [0, 0, []]);
      assert.ok(lines.longestMs < 60_000, `${lines.longestMs} ms late`);
    },
  );
}

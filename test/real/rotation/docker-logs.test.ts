// Risk: an engine loses its place in a log that is rotated, cut or damaged, and the stream stands still without an end.

import assert from 'node:assert/strict';
import { appendFileSync, closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { ENGINE_RELEASES } from '../../support/engine-releases.ts';
import { temporaryFolder } from '../../support/folder.ts';
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

  test(
    `2,000 lines/s that are rotated and packed twice a second are all read, each with one id (${release})`,
    present,
    async (t) => {
      const { docker, host } = await startEngine(t, true, release);
      const { lines, notices } = followLines(t, host, { quietMs: 5_000 });
      const count = 30_000;
      const rotation = ['max-size=100k', 'max-file=100', 'compress=true'].flatMap((option) => ['--log-opt', option]);
      await docker(...DETACHED, '--name', 'web', ...rotation, IMAGE, 'sh', '-c', numberedWriter(2_000, count));
      await until(() => lines.count >= count, 60_000).catch(() => undefined);
      assert.deepEqual([lines.missing(count), lines.otherIds, notices], [[], [], []]);
      t.diagnostic(lines.inWords());
    },
  );

  for (const driver of ['json-file', 'local'])
    test(`what was rotated and packed while nobody read is read later (${release}, ${driver})`, present, async (t) => {
      const { docker, host } = await startEngine(t, true, release);
      const count = 1_500;
      const limits = ['max-size=20k', 'max-file=40', 'compress=true'].flatMap((option) => ['--log-opt', option]);
      const rotation = ['--log-driver', driver, ...limits];
      await docker(
        ...DETACHED,
        '--name',
        'web',
        ...rotation,
        IMAGE,
        'sh',
        '-c',
        `${numberedWriter(300, count)}; sleep 1000`,
      );
      const folder = temporaryFolder();
      const first = followLines(t, host, { quietMs: 2_000 }, folder);
      await until(() => first.lines.count >= 400, 30_000);
      await first.stop();
      const isWritten = async (): Promise<boolean> =>
        (await docker('logs', '--tail', '1', 'web')).includes(`line ${count} `);
      await until(isWritten, 60_000);
      const second = followLines(t, host, { quietMs: 2_000 }, folder);
      const missing = (): number[] => second.lines.missing(count).filter((number) => number > first.lines.highest);
      await until(() => second.lines.highest === count && missing().length === 0, 30_000).catch(() => undefined);
      assert.deepEqual(missing(), []);
      t.diagnostic(second.lines.inWords());
    });

  test(`lines behind a damaged place of the log are read (${release})`, present, async (t) => {
    const { docker, host } = await startEngine(t, true, release);
    await docker(
      ...DETACHED,
      '-i',
      '--name',
      'web',
      IMAGE,
      'sh',
      '-c',
      `${numberedWriter(100, 20)}; while [ ! -e /go ]; do sleep 0.1; done; ${numberedWriter(100, 30).replace('n=0', 'n=20')}; sleep 1000`,
    );
    const folder = temporaryFolder();
    const first = followLines(t, host, {}, folder);
    await until(() => first.lines.count === 20);
    await first.stop();
    const path = (await docker('inspect', '--format', '{{.LogPath}}', 'web')).trim();
    const at = readFileSync(path).indexOf('{"log":"line 20 ');
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(40), 0, 40, at);
    closeSync(file);
    await docker('exec', 'web', 'sh', '-c', 'echo > /go');
    await until(() => readFileSync(path, 'latin1').includes('"line 30 '));
    const second = followLines(t, host, { quietMs: 2_000 }, folder);
    const missing = (): number[] => second.lines.missing(30).filter((number) => number > 20);
    await until(() => missing().length === 0, 20_000).catch(() => undefined);
    assert.deepEqual(missing(), []);
  });

  test(`lines of a run that began with an older clock are read (${release})`, present, async (t) => {
    const engine = await startEngine(t, true, release);
    const { docker, host } = engine;
    await docker(...DETACHED, '--name', 'web', IMAGE, 'sh', '-c', numberedWriter(100, 20));
    await docker('wait', 'web');
    const folder = temporaryFolder();
    const first = followLines(t, host, {}, folder);
    await until(() => first.lines.count === 20);
    await first.stop();
    const path = (await docker('inspect', '--format', '{{.LogPath}}', 'web')).trim();
    const id = (await docker('inspect', '--format', '{{.Id}}', 'web')).trim();
    await engine.stop();
    // As an engine writes them on a host that boots without a clock, before the time is set.
    const startedMs = Date.now() - 600_000;
    const stamp = (number: number): string => new Date(startedMs + number * 100).toISOString().replace('Z', '000001Z');
    const lines = Array.from({ length: 8 }, (_, index) => ({
      log: `line ${21 + index} x\n`,
      stream: 'stdout',
      time: index < 5 ? stamp(index) : new Date(Date.now() + index).toISOString().replace('Z', '000001Z'),
    }));
    appendFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const configuration = join(dirname(path), 'config.v2.json');
    const saved = JSON.parse(readFileSync(configuration, 'utf8'));
    saved.State.StartedAt = stamp(-1);
    saved.State.FinishedAt = new Date(Date.now() + 1_000).toISOString().replace('Z', '000001Z');
    writeFileSync(configuration, JSON.stringify(saved));
    assert.ok(path.includes(id));
    await engine.start();
    const second = followLines(t, host, { quietMs: 2_000 }, folder);
    const missing = (): number[] => second.lines.missing(28).filter((number) => number > 20);
    await until(() => missing().length === 0, 20_000).catch(() => undefined);
    assert.deepEqual(missing(), []);
  });
}

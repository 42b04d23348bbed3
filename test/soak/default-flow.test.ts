// A day of the default flow while all is well, on a clock that runs fast: what it writes to Node-RED's own log, and what it
// sends. `npm run soak`; `SOAK_SPEED=120` makes the day shorter than 24 minutes.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { IMAGE, missingForDocker, startEngine } from '../support/docker.ts';
import { liveFast } from '../support/fast-day.ts';
import { real } from '../support/real.ts';

const SPEED = Number(process.env.SOAK_SPEED ?? 60);
const HOURS = Number(process.env.SOAK_HOURS ?? 24);
const MOST_LINES = 10;
const missing = missingForDocker(true);

async function aDay(t: TestContext, env: object): Promise<void> {
  const { lines, records, bytes, ms } = await liveFast(t, SPEED, HOURS, env);
  const aDayOf = (count: number) => Math.round((count * 86_400_000) / ms);
  t.diagnostic(`${lines.length} lines, ${aDayOf(records)} records and ${aDayOf(bytes)} bytes a day`);
  for (const line of lines) t.diagnostic(line);
  assert.ok(lines.length <= MOST_LINES, lines.join('\n'));
}

test('an idle host: at most ten lines a day', { timeout: 3_600_000 }, (t) => aDay(t, {}));

test('a host with ten containers: at most ten lines a day', {
  ...real(`a Docker Engine of its own (${missing})`, missing === undefined),
  timeout: 3_600_000,
}, async (t) => {
  const engine = await startEngine(t, true);
  for (let index = 0; index < 10; index += 1)
    await engine.docker('run', '-d', '--network', 'none', '--name', `app${index}`, IMAGE, 'sleep', '100000');
  await aDay(t, { DOCKER_HOST: engine.host });
});

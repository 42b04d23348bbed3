import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { authChain } from '../../support/chain-flow.ts';
import { type Document, type Receiver, receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

const LINES_PER_SECOND = 500;
const STEP_MS = 20;
const MINUTES = 60_000;

interface GrowingLog {
  readonly file: string;
  begin(): void;
  /** Ends it and tells how many lines it has. */
  end(): number;
}

/** A log that grows by itself once it has begun; the process id of a line is its number. */
function createLog(t: TestContext): GrowingLog {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  const file = join(folder, 'auth.log');
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    let text = '';
    for (let i = 0; i < (LINES_PER_SECOND * STEP_MS) / 1000; i += 1) {
      count += 1;
      const time = new Date().toISOString().replace('Z', '000+00:00');
      text += `${time} host sshd[${count}]: Failed password for root from 203.0.113.7 port 52022 ssh2\n`;
    }
    appendFileSync(file, text);
  };
  writeFileSync(file, '');
  t.after(() => {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    file,
    begin() {
      timer ??= setInterval(write, STEP_MS);
    },
    end() {
      clearInterval(timer);
      return count;
    },
  };
}

/** Until it is noted where the log ended when Node-RED first saw it: what is written then counts. */
async function hasBegun(userDir: string): Promise<void> {
  const folder = join(userDir, 'infra-monitoring');
  const isCheckpoint = (name: string): boolean => /^auth-log-in.*\.json$/.test(name);
  await until(() => existsSync(folder) && readdirSync(folder).some(isCheckpoint));
}

const lineOf = ({ _process_id: id }: Document): number => Number(id);

function lines(receivers: readonly Receiver[]): Document[] {
  return receivers.flatMap(({ documents }) => documents.filter(({ _log_type: type }) => type === 'auth'));
}

/** Every line arrived; a line that came again has the `event_id` it had before. */
function complete(receivers: readonly Receiver[], count: number): void {
  const ids = new Map<number, unknown>();
  for (const document of lines(receivers)) {
    const n = lineOf(document);
    if (ids.has(n)) assert.equal(document._event_id, ids.get(n), `line ${n} came again with another event_id`);
    ids.set(n, document._event_id);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((n) => !ids.has(n));
  assert.deepEqual(missing, []);
  assert.equal(new Set(ids.values()).size, count, 'no two lines share an event_id');
  for (const { faults } of receivers) assert.deepEqual(faults, []);
}

for (const isThere of [true, false]) {
  const where = isThere ? 'there' : 'away';
  test(`kill -9 of Node-RED at five random moments while the server is ${where} loses no line`, {
    timeout: 4 * MINUTES,
  }, async (t) => {
    const log = createLog(t);
    const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
    t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
    const first = await receiveTcp(t);
    if (!isThere) await first.close();
    const flow = authChain(log.file, first.port);
    for (let run = 0; run < 5; run += 1) {
      const nodeRed = await startNodeRed(t, { userDir, flow });
      await nodeRed.logged(/Started flows/);
      await hasBegun(userDir);
      log.begin();
      const seen = lines([first]).length;
      if (isThere) await first.until(() => lines([first]).length > seen, 20_000);
      await pause(200 + Math.random() * 2_500);
      await nodeRed.kill();
    }
    const receiver = isThere ? first : await receiveTcp(t, { port: first.port });
    await startNodeRed(t, { userDir, flow });
    const count = log.end();
    await receiver.until(() => new Set(lines([receiver]).map(lineOf)).size >= count, 60_000);
    complete([receiver], count);
    t.diagnostic(`${count} lines, ${lines([receiver]).length - count} repeats`);
  });
}

test('a redeploy and a stop in good order under 500 lines/s lose nothing and repeat nothing', {
  timeout: 3 * MINUTES,
}, async (t) => {
  const log = createLog(t);
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
  const receiver = await receiveTcp(t);
  const flow = authChain(log.file, receiver.port);
  const before = await startNodeRed(t, { userDir, flow });
  await hasBegun(userDir);
  log.begin();
  await receiver.until(() => lines([receiver]).length > 1_000, 20_000);
  for (let redeploy = 0; redeploy < 2; redeploy += 1) {
    const seen = lines([receiver]).length;
    await before.api('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
      body: JSON.stringify(flow),
    });
    await receiver.until(() => lines([receiver]).length > seen + 1_000, 20_000);
  }
  await before.stop();
  await startNodeRed(t, { userDir, flow });
  const seen = lines([receiver]).length;
  await receiver.until(() => lines([receiver]).length > seen + 500, 20_000);
  const count = log.end();
  await receiver.until(() => new Set(lines([receiver]).map(lineOf)).size >= count, 30_000);
  await until(() => lines([receiver]).length >= count);
  complete([receiver], count);
  assert.equal(lines([receiver]).length, count, 'nothing twice');
});

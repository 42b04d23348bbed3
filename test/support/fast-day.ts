import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { defaultFlow } from './default-flow.ts';
import { temporaryFolder } from './folder.ts';
import { receiveTcp } from './graylog.ts';
import { packageRoot, startNodeRed } from './node-red.ts';

const STARTED = /Started flows/;
/** What is said at the start, in ms of its own clock. */
const START_MS = 120_000;

export interface FastDay {
  /** The lines of Node-RED's own log after the start. */
  readonly lines: readonly string[];
  readonly records: number;
  readonly bytes: number;
  /** For so long, in ms of its own clock. */
  readonly ms: number;
}

/** The default flow as it ships on a Node-RED whose clock runs `speed` times as fast, for so many hours of it, while all is well. */
export async function liveFast(t: TestContext, speed: number, hours: number, env: object): Promise<FastDay> {
  const authLog = join(temporaryFolder(), 'auth.log');
  writeFileSync(authLog, '2026-01-01T00:00:00.000000+00:00 vm sshd[1]: Server listening on 0.0.0.0 port 22.\n');
  const graylog = await receiveTcp(t);
  const server = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const nodeRed = await startNodeRed(t, {
    // An answer that takes 100 ms takes seconds by such a clock.
    flow: defaultFlow().map((part) => (part.type === 'http-check' ? { ...part, maxTime: '' } : part)),
    env: {
      ...{
        NODE_OPTIONS: `--import ${packageRoot}test/support/fast-time-preload.mjs`,
        FAST_TIME: String(speed),
        ALERT_WEBHOOK_URL: '',
        AUTH_LOG: authLog,
      },
      ...{ DOCKER_HOST: `unix://${temporaryFolder()}/none.sock`, LOGGING_URL: `tcp://127.0.0.1:${graylog.port}` },
      ...{ HTTP_CHECK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ...env },
    },
  });
  await nodeRed.logged(STARTED, 60_000);
  // Its clock is read in what it sends: a heartbeat or a sample a minute.
  const clockMs = () => Number(graylog.documents.at(-1)?.timestamp ?? 0) * 1000;
  await graylog.until((all) => all.some(({ _log_type }) => _log_type === 'uptime'), 30_000);
  const startMs = clockMs();
  const passes = async (ms: number) => {
    await graylog.until(() => clockMs() - startMs >= ms, (ms / speed) * 1.5 + 30_000);
  };
  await passes(START_MS);
  const [logged, from, fromMs] = [nodeRed.log().length, graylog.documents.length, clockMs()];
  await passes(START_MS + hours * 3_600_000);
  const documents = graylog.documents.slice(from);
  return {
    lines: nodeRed
      .log()
      .slice(logged)
      .split('\n')
      .filter((line) => line.trim() !== ''),
    records: documents.length,
    // A null byte ends each of them.
    bytes: documents.reduce((sum, document) => sum + Buffer.byteLength(JSON.stringify(document)) + 1, 0),
    ms: clockMs() - fromMs,
  };
}

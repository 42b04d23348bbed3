import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './folder.ts';
import { type Receiver, receiveTcp } from './graylog.ts';
import { logLines, type RunningNodeRed, startNodeRed } from './node-red.ts';
import { BUSY_FOR_A_MILLISECOND } from './pace.ts';

const preload = `--import=${fileURLToPath(new URL('./heap-preload.ts', import.meta.url))}`;
const MEGABYTE = 1e6;

/** A core `switch` that lets everything through to `to`. */
export function switchTo(to: string): object {
  const rules = [{ t: 'lte', v: '7', vt: 'num' }];
  return { type: 'switch', property: 'payload.level', propertyType: 'msg', rules, outputs: 1, wires: [[to]] };
}

/** A core `function` that takes a millisecond for each msg with a process id up to `most`, and then passes it to `to`. */
export function slowFunction(to: string, most: number): object {
  const func = `if (msg.payload.process_id <= ${most}) { ${BUSY_FOR_A_MILLISECOND} }\nreturn msg;`;
  return { type: 'function', func, outputs: 1, timeout: 0, initialize: '', finalize: '', libs: [], wires: [[to]] };
}

export interface SlowFlow {
  readonly nodeRed: RunningNodeRed;
  readonly graylog: Receiver;
  /** What stood under the source so far. */
  statuses(): string[];
  /** The most that was in use of Node-RED's heap so far, in MB. */
  heapMegabytes(): number;
}

/**
 * Starts a Node-RED whose `auth-log-in` reads a log of so many lines from its beginning into `nodes`, the first of which is
 * `first`; the last goes to `out`. The process id of a line is its number.
 */
export async function startSlowFlow(t: TestContext, lines: number, nodes: { [id: string]: object }): Promise<SlowFlow> {
  const file = join(temporaryFolder(), 'auth.log');
  await pipeline(function* () {
    for (let n = 1; n <= lines; n += 1)
      yield `2026-11-23T00:00:00Z web1 sshd[${n}]: Failed password for root from 203.0.113.7 port 5 ssh2\n`;
  }, createWriteStream(file));
  const graylog = await receiveTcp(t);
  const nodeRed = await startNodeRed(t, {
    env: { NODE_OPTIONS: preload },
    flow: [
      { id: 'f', type: 'tab' },
      { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${graylog.port}` },
      { id: 'a', z: 'f', type: 'auth-log-in', file, start: 'beginning', wires: [['first']] },
      ...Object.entries(nodes).map(([id, node]) => ({ id, z: 'f', ...node })),
      { id: 'out', z: 'f', type: 'graylog-out', server: 'g', wires: [] },
      { id: 's', z: 'f', type: 'status', scope: ['a'], wires: [['d']] },
      {
        id: 'd',
        z: 'f',
        type: 'debug',
        active: true,
        console: true,
        complete: 'status.text',
        targetType: 'msg',
        wires: [],
      },
    ],
  });
  return {
    nodeRed,
    graylog,
    statuses: () =>
      logLines(nodeRed, /\[debug:d\]|^(?:slowed|no line yet|\d+ lines?, )/).map((line) =>
        line.replace(/^.*\[debug:d\] /, ''),
      ),
    heapMegabytes: () =>
      Math.max(...[...nodeRed.log().matchAll(/^heap: (\d+)$/gm)].map(([, bytes]) => Number(bytes))) / MEGABYTE,
  };
}

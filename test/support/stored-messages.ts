import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AgeClock } from '../../nodes/graylog-server/io/buffer/age-clock.ts';
import { Store } from '../../nodes/graylog-server/io/buffer/store.ts';

const CHILD = fileURLToPath(new URL('./store-child.ts', import.meta.url));

/** The numbers from `from` to `to`, without it. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Where a delivery keeps what waits. */
export function storePath(userDir: string): string {
  return join(userDir, 'infra-monitoring/buffer-test-main');
}

/** The files of the store in a user directory. */
export function storeFiles(userDir: string, pattern: RegExp): string[] {
  const path = storePath(userDir);
  return readdirSync(path)
    .filter((name) => pattern.test(name))
    .map((name) => join(path, name));
}

/** Writes the batches as the buffer of a delivery does, `atMs` since the epoch; each number becomes a document. */
export async function storeBatches(userDir: string, batches: readonly number[][], atMs = Date.now()): Promise<void> {
  const clock = new AgeClock({ boot: 'of the test', steadyMs: () => 0, wallMs: () => atMs }, []);
  const store = await Store.open(storePath(userDir), { diskSize: 2 ** 30, clock, sound: new Set() });
  assert.equal(store.damage, undefined);
  for (const batch of batches) await store.append(batch.map(documentOf));
  await store.close();
}

function documentOf(n: number): string {
  const fields = { version: '1.1', host: 'test', short_message: `${n}`, timestamp: 1_795_000_000, level: 6, _n: n };
  return JSON.stringify(fields);
}

/** A process that keeps messages for a server that is away, to be killed. */
export interface Writer {
  readonly child: ChildProcess;
  /** Numbers it was told are kept. */
  readonly kept: number[];
  readonly storage: string[];
  kill(): Promise<void>;
}

/** Starts it; its messages are numbered from `from`. */
export function startWriter(t: TestContext, userDir: string, port: number, from = 0): Writer {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, [CHILD, userDir, String(port), String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  t.after(() => child.kill('SIGKILL'));
  const kept: number[] = [];
  const storage: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('storage ')) storage.push(line.slice('storage '.length));
      else kept.push(Number(line));
    }
  });
  return {
    child,
    kept,
    storage,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

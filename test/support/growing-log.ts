import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Document, Receiver } from './graylog.ts';
import { writeEvery } from './pace.ts';
import { until } from './until.ts';

const LINES_PER_SECOND = 500;
const STEP_MS = 20;

export interface GrowingLog {
  readonly file: string;
  /** How many lines it has. */
  readonly count: number;
  begin(): void;
  /** Ends it and tells how many lines it has. */
  end(): number;
}

/** A log that grows by itself once it has begun; the process id of a line is its number. */
export function createLog(t: TestContext): GrowingLog {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  const file = join(folder, 'auth.log');
  let count = 0;
  let stop: (() => void) | undefined;
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
    stop?.();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    file,
    get count() {
      return count;
    },
    begin() {
      stop ??= writeEvery(STEP_MS, write);
    },
    end() {
      stop?.();
      return count;
    },
  };
}

/** Until it is noted where the log ended when Node-RED first saw it: what is written then counts. */
export async function hasBegun(userDir: string): Promise<void> {
  const folder = join(userDir, 'infra-monitoring');
  const isCheckpoint = (name: string): boolean => /^auth-log-in.*\.json$/.test(name);
  await until(() => existsSync(folder) && readdirSync(folder).some(isCheckpoint));
}

/** The number of the line that a document is of. */
export const lineOf = ({ _process_id: id }: Document): number => Number(id);

/** The lines of the auth log among what arrived. */
export function lines(receivers: readonly Receiver[]): Document[] {
  return receivers.flatMap(({ documents }) => documents.filter(({ _log_type: type }) => type === 'auth'));
}

/** Every line arrived; a line that came again has the `event_id` it had before. */
export function complete(receivers: readonly Receiver[], count: number): void {
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

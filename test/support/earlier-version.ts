import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { temporaryFolder } from './folder.ts';
import { packageRoot } from './node-red.ts';

const FIXTURE = join(packageRoot, 'test/fixtures/upgrade-0.1.0');

/** What version 0.1.0 left behind, as if it had been stopped a moment ago. */
export interface EarlierVersion {
  readonly userDir: string;
  readonly flowFile: string;
  /** For the new version: the host is the one that the earlier one watched. */
  readonly env: { HOST_ROOT: string; MONITORED_HOST: string };
  /** The `event_id`s of the records that wait in its buffer. */
  readonly waiting: readonly string[];
  /** The host logs a line. */
  log(line: string): void;
}

/** Lays the fixture out in new folders. */
export async function earlierVersion(): Promise<EarlierVersion> {
  const [userDir, host] = [temporaryFolder(), temporaryFolder()];
  cpSync(join(FIXTURE, 'user-directory'), userDir, { recursive: true });
  cpSync(join(FIXTURE, 'host'), host, { recursive: true });
  const state = (name: string): string => join(userDir, 'infra-monitoring', name);
  rewrite(state('auth-log-in-infra0000authlog.json'), (text) => text.replaceAll('HOST_ROOT', host));
  const nowMs = Date.now();
  rewrite(state('uptime-infra000000uptime.json'), (text) => text.replace(/("seenMs":)\d+/, `$1${nowMs}`));
  const waiting = await dateBuffer(state('buffer-infra000graylog-main'), nowMs);
  return {
    userDir,
    flowFile: join(userDir, 'flows.json'),
    env: { HOST_ROOT: host, MONITORED_HOST: 'web1' },
    waiting,
    log: (line) => appendFileSync(join(host, 'var/log/auth.log'), `${line}\n`),
  };
}

function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** Gives the batches of a buffer another date: what waits for longer than a week is dropped. Gives the `event_id`s. */
async function dateBuffer(folder: string, nowMs: number): Promise<string[]> {
  const level = new ClassicLevel<string, string>(folder);
  const ids: string[] = [];
  for (const [key, value] of await level.iterator().all()) {
    // A checksum comes before the documents.
    const documents = value
      .split('\0')
      .slice(1)
      .map((text) => JSON.parse(text) as { _event_id: string });
    ids.push(...documents.map(({ _event_id: id }) => id));
    await level.del(key);
    await level.put(key.replace(/:\d+$/, `:${nowMs}`), value);
  }
  await level.close();
  return ids;
}

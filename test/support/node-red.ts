import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from './until.ts';

/** The clone, or the package, with a slash at its end. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** In English or in German. */
const READY = /Server (?:now running at|wird jetzt auf) (https?:\/\/\S+?)\/?\s/;
const START_DEADLINE_MS = 90_000;
const STOP_DEADLINE_MS = 20_000;

/** A Node-RED process of its own, stopped when the test ends. */
export interface RunningNodeRed {
  /** Without a slash at its end. */
  readonly url: string;
  readonly userDir: string;
  readonly process: ChildProcess;
  /** All it wrote so far. */
  log(): string;
  /** Waits until `pattern` is in the log. */
  logged(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  /** A request to its admin API; the answer must be a 2xx, and JSON where there is any. */
  api<T>(path: string, init?: RequestInit): Promise<T>;
  /** As systemd stops it: SIGTERM. Gives the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

export interface ProcessOptions {
  /** Kept when the test ends; without it a new folder, removed when the test ends. */
  userDir?: string;
  env?: NodeJS.ProcessEnv;
}

export interface NodeRedOptions extends ProcessOptions {
  flow?: object[];
  /** More for `settings.js`. */
  settings?: object;
  /** The Node program and Node-RED's `red.js`; those of node_modules unless given. */
  node?: string;
  red?: string;
  /** Whether this clone's own package is loaded; not where the user directory has it installed. */
  ownPackage?: boolean;
}

/** Starts Node-RED on a free port of 127.0.0.1 with this package and `flow`. */
export async function startNodeRed(t: TestContext, options: NodeRedOptions = {}): Promise<RunningNodeRed> {
  const userDir = prepareUserDir(options);
  const settings = {
    flowFile: 'flows.json',
    credentialSecret: false,
    lang: 'en-US',
    uiHost: '127.0.0.1',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, palette: { catalogues: [] }, header: { title: 'test' } },
    ...options.settings,
  };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings, undefined, 2)};\n`);
  if (options.flow !== undefined) writeFileSync(join(userDir, 'flows.json'), JSON.stringify(options.flow));
  const node = options.node ?? join(packageRoot, 'node_modules/node/bin/node');
  const red = options.red ?? join(packageRoot, 'node_modules/node-red/red.js');
  const own = options.ownPackage === false ? [] : ['-D', `nodesDir=${JSON.stringify([packageRoot])}`];
  return watch(t, options, userDir, node, [red, '--port', '0', '--userDir', userDir, ...own]);
}

/** Starts what `npm start -- <args>` starts, on a free port and in a user directory of its own. */
export async function startByScript(
  t: TestContext,
  options: ProcessOptions & { args?: string[]; root?: string } = {},
): Promise<RunningNodeRed> {
  const userDir = prepareUserDir(options);
  const script = join(options.root ?? packageRoot, 'scripts/start.js');
  const args = [script, '--port', '0', '--userDir', userDir, ...(options.args ?? [])];
  return watch(t, options, userDir, process.execPath, args);
}

/** Lines of its log that fit. */
export function logLines(nodeRed: RunningNodeRed, pattern: RegExp): string[] {
  return nodeRed
    .log()
    .split('\n')
    .filter((line) => pattern.test(line));
}

function prepareUserDir({ userDir }: ProcessOptions): string {
  if (userDir === undefined) return mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  mkdirSync(userDir, { recursive: true });
  return userDir;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) killGroup(child);
});
// A runner that gives up on this file must not leave its Node-RED behind.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/** What a process writes, and the wait for it. */
function logOf(child: ChildProcessByStdio<null, Readable, Readable>): Pick<RunningNodeRed, 'log' | 'logged'> {
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  child.on('exit', () => {
    for (const listener of listeners) listener();
  });

  const logged = (pattern: RegExp, deadlineMs = PATIENCE_MS): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const late = AbortSignal.timeout(deadlineMs);
      const finish = (error?: string, found?: RegExpExecArray): void => {
        late.onabort = null;
        listeners.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`${error} ${pattern} was in the log:\n${text}`));
      };
      const look = (): void => {
        const found = pattern.exec(text);
        if (found !== null) finish(undefined, found);
        else if (child.exitCode !== null || child.signalCode !== null) finish('Node-RED ended before');
      };
      late.onabort = () => finish(`${deadlineMs} ms passed before`);
      listeners.add(look);
      look();
    });
  return { log: () => text, logged };
}

async function watch(
  t: TestContext,
  options: ProcessOptions,
  userDir: string,
  command: string,
  args: string[],
): Promise<RunningNodeRed> {
  if (!existsSync(command)) throw new Error(`there is no ${command}`);
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  // A process group of its own: whatever it starts ends with it.
  const child = spawn(command, args, {
    cwd: userDir,
    env: { ...inherited, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const { log, logged } = logOf(child);
  const kill = async (): Promise<void> => {
    killGroup(child);
    await exited;
    running.delete(child);
  };
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const late = AbortSignal.timeout(STOP_DEADLINE_MS);
    late.onabort = () => killGroup(child);
    const code = await exited;
    late.onabort = null;
    await kill();
    return code;
  };
  t.after(async () => {
    await stop();
    if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true, maxRetries: 5 });
  });

  const url = (await logged(READY, START_DEADLINE_MS))[1] ?? '';
  return {
    url,
    userDir,
    process: child,
    log,
    logged,
    async api<T>(path: string, init: RequestInit = {}) {
      const response = await fetch(`${url}${path}`, {
        ...init,
        headers: { accept: 'application/json', ...init.headers },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path} gave ${response.status}: ${body}`);
      return (body === '' ? undefined : JSON.parse(body)) as T;
    },
    stop,
    kill,
  };
}

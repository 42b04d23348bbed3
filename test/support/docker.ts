import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { dockerdOf, type EngineRelease, pathFor } from './engine-releases.ts';
import { program } from './real.ts';
import { BUSYBOX_IMAGE, imageTar, missingForImage } from './test-image.ts';
import { until } from './until.ts';

const run = promisify(execFile);

export const IMAGE = BUSYBOX_IMAGE;

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 60_000;

/** A Docker Engine: one that the test started itself, or that of DOCKER_HOST. */
export interface TestEngine {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  /** The socket's path; empty where the engine is elsewhere. */
  readonly socket: string;
  /** Runs the docker command and gives its stdout. */
  docker(...args: string[]): Promise<string>;
  /** Stops the engine as systemd does, by SIGTERM; only one of the test's own. */
  stop(): Promise<void>;
  /** `kill -9`: its containers run on until it is started again. */
  kill(): Promise<void>;
  /** Starts it, with other options than at first where some are given. */
  start(more?: readonly string[]): Promise<void>;
}

function givenHost(): string | undefined {
  return process.env.DOCKER_HOST || undefined;
}

/**
 * What this machine lacks for tests with a real engine, or undefined. `own`: with one that may be stopped; a release that
 * is not the installed one is always the test's own.
 */
export function missingForDocker(own = false, release: EngineRelease = 'installed'): string | undefined {
  if (program('docker') === undefined) return 'there is no docker command';
  if (release === 'installed' && !own && givenHost() !== undefined) return undefined;
  const missing = missingForImage();
  if (missing !== undefined) return missing;
  if (dockerdOf(release) === undefined)
    return release === 'installed'
      ? 'there is no dockerd'
      : 'there is no newer dockerd: .ci/newer-docker trixie gets it';
  return process.getuid?.() === 0 ? undefined : 'only root may start a Docker Engine of its own';
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends what an engine that was killed has left running. */
function endShims(folder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.includes(`${folder}/exec/containerd`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}

/** What is mounted in a folder, the innermost first. */
function mountsUnder(folder: string): string[] {
  const places = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  return places.filter((place) => place.startsWith(`${folder}/`)).reverse();
}

async function importImage(engine: TestEngine, folder: string): Promise<void> {
  await engine.docker('import', await imageTar(folder), IMAGE);
}

/** The docker command for an engine. */
function command(host: string): TestEngine['docker'] {
  return async (...args) => {
    const { stdout } = await run('docker', args, {
      env: { ...process.env, DOCKER_HOST: host },
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout;
  };
}

/** What the test has left: an engine may be there for others as well. */
async function removeContainers(engine: TestEngine): Promise<void> {
  const left = await engine.docker('ps', '-aq', '--filter', `ancestor=${IMAGE}`).catch(() => '');
  const ids = left.split('\n').filter((id) => id !== '');
  if (ids.length > 0) await engine.docker('rm', '-f', ...ids).catch(() => undefined);
}

/** An engine with the test image, stopped and removed when the test ends; `own`: never that of DOCKER_HOST. `more`: its options. */
export async function startEngine(
  t: Pick<TestContext, 'after'>,
  own = false,
  release: EngineRelease = 'installed',
  more: readonly string[] = [],
): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-test-'));
  const given = own || release !== 'installed' ? undefined : givenHost();
  if (given !== undefined) {
    const socket = given.startsWith('unix://') ? given.slice('unix://'.length) : '';
    const none = async (): Promise<void> => {
      throw new Error('this engine is not the test’s own');
    };
    const engine = { host: given, socket, docker: command(given), stop: none, kill: none, start: none };
    t.after(async () => {
      await removeContainers(engine);
      await engine.docker('rmi', '-f', IMAGE);
      rmSync(folder, { recursive: true, force: true });
    });
    await importImage(engine, folder);
    return engine;
  }

  const socket = join(folder, 'docker.sock');
  const pidFile = join(folder, 'pid');
  const host = `unix://${socket}`;
  const docker = command(host);
  const start = async (others = more): Promise<void> => {
    const log = openSync(join(folder, 'log'), 'a');
    const args = ['--data-root', join(folder, 'root'), '--exec-root', join(folder, 'exec')];
    // No network of its own: engines of tests beside each other would contend for the bridge docker0.
    const network = ['--bridge', 'none', '--iptables=false', '--ip6tables=false'];
    const child = spawn(
      dockerdOf(release) ?? 'dockerd',
      [...args, ...network, '-H', host, '--pidfile', pidFile, ...others],
      {
        stdio: ['ignore', log, log],
        env: { ...process.env, DOCKER_HOST: '', PATH: pathFor(release) },
        detached: true,
      },
    );
    child.unref();
    let failed = false;
    child.once('exit', () => {
      failed = true;
    });
    const hasStarted = async (): Promise<boolean> => {
      if (failed) throw new Error(`dockerd ended: ${readFileSync(join(folder, 'log'), 'utf8').slice(-2000)}`);
      return (
        existsSync(socket) &&
        (await docker('version').then(
          () => true,
          () => false,
        ))
      );
    };
    await until(hasStarted, START_DEADLINE_MS, () => 'the start of dockerd');
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (!existsSync(pidFile)) return;
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (!alive(pid)) return;
    process.kill(pid, signal);
    await until(
      () => !alive(pid),
      STOP_DEADLINE_MS,
      () => 'the stop of dockerd',
    );
  };
  const [stop, kill] = [() => end('SIGTERM'), () => end('SIGKILL')];
  const engine: TestEngine = { host, socket, docker, start, stop, kill };
  t.after(async () => {
    await removeContainers(engine);
    await stop().catch((error) => console.error(error));
    endShims(folder);
    // A container on the host's network makes the engine mount the host's network namespace here, and leave it there; one that
    // was killed leaves those of its containers.
    for (const mount of mountsUnder(folder)) await run('umount', ['-l', mount]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  await start();
  await importImage(engine, folder);
  return engine;
}

/** Ends a process of the test and waits for its end. */
export async function endProcess(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

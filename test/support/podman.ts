import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { endProcess } from './docker.ts';
import { program } from './real.ts';
import { BUSYBOX_IMAGE, imageTar, missingForImage } from './test-image.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const START_DEADLINE_MS = 30_000;

/** The test image as Podman names it. */
export const PODMAN_IMAGE = `localhost/${BUSYBOX_IMAGE}`;

/** Where a container may neither raise its limits nor have a cgroup of systemd's. */
const CONTAINERS_CONF = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/** A Podman with its API on a socket, as `podman system service` offers it. */
export interface TestPodman {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  readonly socket: string;
  /** Runs the podman command and gives its stdout. Containers need `--network none` or `host`. */
  podman(...args: string[]): Promise<string>;
  /** Ends the service; containers go on. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.end());
  });
}

/** What this machine lacks for tests with a real Podman, or undefined. */
export function missingForPodman(): string | undefined {
  for (const name of ['podman', 'conmon', 'runc']) if (program(name) === undefined) return `there is no ${name}`;
  return missingForImage() ?? (process.getuid?.() === 0 ? undefined : 'only root may start a Podman here');
}

/** A Podman with the test image and a store of its own, stopped and removed when the test ends. */
export async function startPodman(t: Pick<TestContext, 'after'>): Promise<TestPodman> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-test-'));
  const socket = join(folder, 'podman.sock');
  const configuration = join(folder, 'containers.conf');
  writeFileSync(configuration, CONTAINERS_CONF);
  const env = { ...process.env, CONTAINERS_CONF: configuration };
  const places = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--tmpdir', join(folder, 'tmp')];
  const globals = [...places, '--storage-driver', 'vfs'];
  const podman = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('podman', [...globals, ...args], { env, maxBuffer: 256 * 1024 * 1024 });
    return stdout;
  };
  let service: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const log = openSync(join(folder, 'log'), 'a');
    const args = [...globals, 'system', 'service', '--time=0', `unix://${socket}`];
    const child = spawn('podman', args, { stdio: ['ignore', log, log], env });
    service = child;
    const hasStarted = async (): Promise<boolean> => {
      if (child.exitCode !== null) throw new Error(`podman ended: ${readFileSync(join(folder, 'log'), 'utf8')}`);
      return existsSync(socket) && (await isListening(socket));
    };
    await until(hasStarted, START_DEADLINE_MS, () => 'the start of podman system service');
  };
  const stop = async (): Promise<void> => {
    if (service !== undefined) await endProcess(service);
    rmSync(socket, { force: true });
  };
  t.after(async () => {
    await podman('rm', '--force', '--all', '--time', '0').catch(() => undefined);
    await stop();
    await podman('system', 'prune', '--all', '--force').catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  await podman('import', await imageTar(folder), PODMAN_IMAGE);
  await start();
  return { host: `unix://${socket}`, socket, podman, stop, start };
}

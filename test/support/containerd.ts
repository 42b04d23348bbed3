import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { callRuntime, message } from './cri.ts';
import { temporaryFolder } from './folder.ts';
import { program } from './real.ts';
import { imageTar, missingForImage } from './test-image.ts';
import { until } from './until.ts';

const run = promisify(execFile);

const PAUSE = 'localhost/pause:1';
const BOX = 'localhost/box:1';
const START_MS = 30_000;

/** The namespaces of the host, where a sandbox shall not have its own. */
const NODE = 2;

/** What this machine lacks for tests with a real containerd, or undefined. */
export function missingForContainerd(): string | undefined {
  if (program('containerd') === undefined || program('ctr') === undefined) return 'there is no containerd';
  return process.getuid?.() === 0 ? missingForImage() : 'only root may start a containerd of its own';
}

/** A container that runs in a pod. */
export interface RunningContainer {
  readonly id: string;
  /** Renames the log as the kubelet does, and has the runtime open a new one. */
  rotate(): Promise<void>;
  /** Stops it, where it still runs, and starts it again as its next run. */
  restart(script: string): Promise<RunningContainer>;
}

export interface TestPod {
  readonly uid: string;
  /** Runs a shell script in a container of this name; `tty`: in a terminal. */
  start(name: string, script: string, options?: { readonly tty?: boolean }): Promise<RunningContainer>;
  /** Removes it with its logs, as the kubelet does. */
  remove(): Promise<void>;
}

/** A containerd of the test's own, and what a kubelet does around it. */
export class Containerd {
  /** In place of `/var/log`. */
  readonly logs: string;
  readonly #socket: string;
  readonly #sandboxes: string[] = [];
  #pods = 0;

  private constructor(folder: string) {
    this.logs = join(folder, 'log');
    this.#socket = join(folder, 'containerd.sock');
    for (const name of ['pods', 'containers']) mkdirSync(join(this.logs, name), { recursive: true });
  }

  /** Starts one that ends with the test. */
  static async start(t: TestContext): Promise<Containerd> {
    const folder = temporaryFolder();
    const runtime = new Containerd(folder);
    await runtime.#start(t, folder);
    return runtime;
  }

  async #start(t: TestContext, folder: string): Promise<void> {
    writeFileSync(join(folder, 'config.toml'), configOf(folder, this.#socket));
    const log = openSync(join(folder, 'containerd.log'), 'a');
    const child = spawn('containerd', ['--config', join(folder, 'config.toml')], { stdio: ['ignore', log, log] });
    t.after(async () => {
      for (const id of this.#sandboxes) {
        await this.#call('StopPodSandbox', { 1: id }).catch(() => undefined);
        await this.#call('RemovePodSandbox', { 1: id }).catch(() => undefined);
      }
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      // What a sandbox shares in memory stays mounted.
      const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
      for (const mount of mounts) if (mount.startsWith(folder)) await run('umount', ['--lazy', mount]);
    });
    await until(
      async () => existsSync(this.#socket) && this.#call('Version', {}).then(Boolean, () => false),
      START_MS,
      () => 'containerd did not answer',
    );
    await this.#importImages(folder);
  }

  #call(method: string, request: Parameters<typeof message>[0]): Promise<Map<number, string>> {
    return callRuntime(this.#socket, method, request);
  }

  async #importImages(folder: string): Promise<void> {
    const layer = await readFile(await imageTar(folder));
    const digest = createHash('sha256').update(layer).digest('hex');
    const image = join(folder, 'images');
    mkdirSync(image);
    writeFileSync(join(image, 'layer.tar'), layer);
    const names = { pause: PAUSE, box: BOX };
    const manifest = Object.entries(names).map(([name, tag]) => {
      const config = {
        architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
        os: 'linux',
        config: { Entrypoint: ['/bin/sleep', '100000'], Labels: { name } },
        rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
      };
      writeFileSync(join(image, `${name}.json`), JSON.stringify(config));
      return { Config: `${name}.json`, RepoTags: [tag], Layers: ['layer.tar'] };
    });
    writeFileSync(join(image, 'manifest.json'), JSON.stringify(manifest));
    const archive = join(folder, 'images.tar');
    await run('tar', ['-C', image, '-cf', archive, '.']);
    await run('ctr', ['--address', this.#socket, '--namespace', 'k8s.io', 'images', 'import', archive]);
    // Its list of images learns of an import by itself, after a moment.
    let fault: unknown;
    await until(
      () =>
        this.#run(this.#sandboxOf('probe', 'probe')).then(
          () => true,
          (error) => {
            fault = error;
            return false;
          },
        ),
      START_MS,
      () => `no pod could be run: ${fault}`,
    );
  }

  /** A pod on the network of this host. */
  async pod(name: string, namespace = 'shop'): Promise<TestPod> {
    this.#pods += 1;
    const uid = `00000000-0000-4000-8000-${String(this.#pods).padStart(12, '0')}`;
    const request = this.#sandboxOf(name, uid, namespace);
    const sandbox = await this.#run(request);
    const folder = join(this.logs, 'pods', `${namespace}_${name}_${uid}`);
    const start = async (
      container: string,
      script: string,
      attempt: number,
      tty = false,
    ): Promise<RunningContainer> => {
      mkdirSync(join(folder, container), { recursive: true });
      const logPath = `${container}/${attempt}.log`;
      const config = message({
        1: message({ 1: container, 2: attempt }),
        2: message({ 1: BOX }),
        3: ['/bin/sh', '-c', script],
        11: logPath,
        14: tty,
        15: message({ 2: message({ 3: message({ 1: NODE, 2: NODE, 3: NODE }) }) }),
      });
      const created = await this.#call('CreateContainer', { 1: sandbox, 2: config, 3: request[1] as Buffer });
      const id = created.get(1) ?? '';
      await this.#call('StartContainer', { 1: id });
      symlinkSync(join(folder, logPath), join(this.logs, 'containers', `${name}_${namespace}_${container}-${id}.log`));
      let rotations = 0;
      return {
        id,
        rotate: async () => {
          rotations += 1;
          const path = join(folder, logPath);
          renameSync(path, `${path}.20260101-${String(rotations).padStart(6, '0')}`);
          await this.#call('ReopenContainerLog', { 1: id });
        },
        restart: async (next) => {
          await this.#call('StopContainer', { 1: id, 2: 1 });
          return start(container, next, attempt + 1, tty);
        },
      };
    };
    return {
      uid,
      start: (container, script, { tty } = {}) => start(container, script, 0, tty),
      remove: async () => {
        await this.#call('StopPodSandbox', { 1: sandbox });
        await this.#call('RemovePodSandbox', { 1: sandbox });
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }

  async #run(request: { readonly 1: Buffer }): Promise<string> {
    const sandbox = (await this.#call('RunPodSandbox', request)).get(1) ?? '';
    this.#sandboxes.push(sandbox);
    return sandbox;
  }

  #sandboxOf(name: string, uid: string, namespace = 'shop'): { readonly 1: Buffer } {
    const config = message({
      1: message({ 1: name, 2: uid, 3: namespace }),
      3: join(this.logs, 'pods', `${namespace}_${name}_${uid}`),
      8: message({ 2: message({ 1: message({ 1: NODE, 2: NODE, 3: NODE }) }) }),
    });
    return { 1: config };
  }
}

function configOf(folder: string, socket: string): string {
  return `version = 2
root = ${JSON.stringify(join(folder, 'root'))}
state = ${JSON.stringify(join(folder, 'state'))}
[grpc]
address = ${JSON.stringify(socket)}
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${PAUSE}"
disable_apparmor = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
`;
}

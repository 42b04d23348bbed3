import { accessSync, constants } from 'node:fs';
import { errorCode } from '../../errors.ts';
import type { PodListener } from '../../pods/api.ts';
import { logKey, type Pod, type PodLogFile, parseLogName, parsePodFolder, restartsOf } from '../../pods/log-path.ts';
import { WatchedFolder } from './watched-folder.ts';

export interface PodFolderOptions {
  /** How often everything is looked at once more, in ms: what the system did not tell of is found so. */
  readonly sweepMs?: number;
  /** The same where the system tells of nothing. */
  readonly untoldMs?: number;
}

const SWEEP_MS = 60_000;
const UNTOLD_MS = 1_000;

interface ContainerFolder {
  readonly folder: WatchedFolder;
  readonly logs: Map<number, PodLogFile>;
  isListed: boolean;
}

interface PodEntry {
  readonly pod: Pod;
  readonly folder: WatchedFolder;
  readonly containers: Map<string, ContainerFolder>;
  isListed: boolean;
}

/**
 * What is in `/var/log/pods`, as the kubelet and its runtime write it. The system tells of changes in each of its folders over
 * one descriptor, and no file is asked for by itself.
 */
export class PodFolder {
  readonly path: string;
  readonly #sweepMs: number;
  readonly #untoldMs: number;
  readonly #listeners = new Set<PodListener>();
  readonly #pods = new Map<string, PodEntry>();
  #root: WatchedFolder | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isUntold = false;
  #isRootListed = false;
  #isWhole = false;
  #hasFailed = false;

  constructor(path: string, { sweepMs = SWEEP_MS, untoldMs = UNTOLD_MS }: PodFolderOptions = {}) {
    this.path = path;
    this.#sweepMs = sweepMs;
    this.#untoldMs = untoldMs;
  }

  /** Whether the system tells of all changes. */
  get isTold(): boolean {
    return !this.#isUntold;
  }

  /** Whether the folder at `path` is there and may be read. */
  static isReadable(path: string): boolean {
    try {
      accessSync(path, constants.R_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }

  /** The logs that are known now. */
  get logs(): PodLogFile[] {
    return [...this.#pods.values()].flatMap(({ containers }) =>
      [...containers.values()].flatMap(({ logs }) => [...logs.values()]),
    );
  }

  /** Tells `listener` what is there, and what changes. The folder is watched as long as somebody listens. */
  listen(listener: PodListener): () => void {
    this.#listeners.add(listener);
    if (this.#root === undefined) this.#open();
    else {
      for (const log of this.logs) listener.found(log);
      if (this.#isWhole) listener.whole();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
    this.#timer = undefined;
    this.#root?.close();
    this.#root = undefined;
    for (const { folder, containers } of this.#pods.values()) {
      folder.close();
      for (const container of containers.values()) container.folder.close();
    }
    this.#pods.clear();
    this.#isRootListed = false;
    this.#isWhole = false;
  }

  #open(): void {
    this.#root = new WatchedFolder({
      path: this.path,
      listed: (names) => this.#rootListed(names),
      failed: (error) => this.#rootFailed(error),
      untold: () => this.#setUntold(),
    });
    this.#sweepLater();
  }

  #each(tell: (listener: PodListener) => void): void {
    for (const listener of [...this.#listeners]) tell(listener);
  }

  #rootFailed(error: unknown): void {
    this.#each((listener) => listener.failed(error));
    this.#hasFailed = true;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#root?.list(), this.#untoldMs);
    this.#retry.unref();
  }

  #setUntold(): void {
    if (this.#isUntold) return;
    this.#isUntold = true;
    clearTimeout(this.#timer);
    this.#sweepLater();
  }

  #sweepLater(): void {
    this.#timer = setTimeout(() => this.#sweep(), this.#isUntold ? this.#untoldMs : this.#sweepMs);
    this.#timer.unref();
  }

  /** Reads every folder once more, and has every log looked at. */
  #sweep(): void {
    if (this.#root === undefined) return;
    void this.#root.list();
    for (const { folder, containers } of this.#pods.values()) {
      void folder.list();
      for (const container of containers.values()) void container.folder.list();
    }
    for (const { key } of this.logs) this.#each((listener) => listener.changed?.(key));
    this.#sweepLater();
  }

  #rootListed(names: readonly string[]): void {
    const here = new Set(names);
    for (const [name, entry] of this.#pods) if (!here.has(name)) this.#dropPod(name, entry);
    for (const name of names) {
      const pod = parsePodFolder(name);
      if (pod !== undefined && !this.#pods.has(name)) this.#addPod(name, pod);
    }
    this.#isRootListed = true;
    if (this.#hasFailed) this.#isWhole = false;
    this.#hasFailed = false;
    this.#checkWhole();
  }

  #addPod(name: string, pod: Pod): void {
    const path = `${this.path}/${name}`;
    const containers = new Map<string, ContainerFolder>();
    const entry: PodEntry = {
      pod,
      containers,
      isListed: false,
      folder: new WatchedFolder({
        path,
        listed: (found) => this.#podListed(name, entry, found),
        failed: (error) => {
          // What is no folder is no pod; what cannot be read is said.
          if (!isGone(error)) this.#each((listener) => listener.failed(error));
          entry.isListed = true;
          this.#checkWhole();
        },
        untold: () => this.#setUntold(),
      }),
    };
    this.#pods.set(name, entry);
  }

  #podListed(podFolder: string, entry: PodEntry, names: readonly string[]): void {
    const here = new Set(names);
    for (const [name, container] of entry.containers) {
      if (!here.has(name)) this.#dropContainer(entry, name, container);
    }
    for (const name of names) if (!entry.containers.has(name)) this.#addContainer(podFolder, entry, name);
    entry.isListed = true;
    this.#checkWhole();
  }

  #addContainer(podFolder: string, entry: PodEntry, name: string): void {
    const path = `${this.path}/${podFolder}/${name}`;
    const logs = new Map<number, PodLogFile>();
    const container: ContainerFolder = {
      logs,
      isListed: false,
      folder: new WatchedFolder({
        path,
        listed: (names) => {
          this.#containerListed({ podFolder, entry, name, container }, names);
          container.isListed = true;
          this.#checkWhole();
        },
        changed: (file) => {
          const restarts = restartsOf(file);
          if (restarts === undefined || !logs.has(restarts)) return;
          const key = logKey(podFolder, name, restarts);
          this.#each((listener) => listener.changed?.(key));
        },
        failed: (error) => {
          if (!isGone(error)) this.#each((listener) => listener.failed(error));
          container.isListed = true;
          this.#checkWhole();
        },
        untold: () => this.#setUntold(),
      }),
    };
    entry.containers.set(name, container);
  }

  #containerListed(
    { podFolder, entry, name, container }: Place & { readonly container: ContainerFolder },
    names: readonly string[],
  ): void {
    const here = new Set(names.map(parseLogName));
    for (const [restarts, { key }] of container.logs) {
      // While a rotation is under way only what it made of the log is there.
      if (here.has(restarts) || names.some((file) => restartsOf(file) === restarts)) continue;
      container.logs.delete(restarts);
      this.#each((listener) => listener.gone?.(key));
    }
    for (const restarts of here) {
      if (restarts === undefined || container.logs.has(restarts)) continue;
      const key = logKey(podFolder, name, restarts);
      const path = `${this.path}/${podFolder}/${name}/${restarts}.log`;
      const log = { ...entry.pod, container: name, restarts, key, path };
      container.logs.set(restarts, log);
      this.#each((listener) => listener.found(log));
    }
  }

  #dropContainer(entry: PodEntry, name: string, container: ContainerFolder): void {
    container.folder.close();
    entry.containers.delete(name);
    for (const { key } of container.logs.values()) this.#each((listener) => listener.gone?.(key));
  }

  #dropPod(name: string, entry: PodEntry): void {
    entry.folder.close();
    this.#pods.delete(name);
    for (const [container, folder] of entry.containers) this.#dropContainer(entry, container, folder);
    this.#each((listener) => listener.podGone?.(entry.pod));
  }

  #checkWhole(): void {
    if (this.#isWhole || !this.#isRootListed) return;
    const pods = [...this.#pods.values()];
    const isWhole = pods.every(
      ({ isListed, containers }) => isListed && [...containers.values()].every((container) => container.isListed),
    );
    if (!isWhole) return;
    this.#isWhole = true;
    this.#each((listener) => listener.whole());
  }
}

interface Place {
  readonly podFolder: string;
  readonly entry: PodEntry;
  readonly name: string;
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
}

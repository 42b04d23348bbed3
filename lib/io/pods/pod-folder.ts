import { accessSync, constants } from 'node:fs';
import type { PodListener } from '../../pods/api.ts';
import { type Pod, type PodLogFile, parsePodFolder } from '../../pods/log-path.ts';
import { WatchedFolder } from './watched-folder.ts';
import { WatchedPod } from './watched-pod.ts';

export interface PodFolderOptions {
  /** How often everything is looked at once more, in ms: what the system did not tell of is found so. */
  readonly sweepMs?: number;
  /** The same where the system tells of nothing. */
  readonly untoldMs?: number;
}

const SWEEP_MS = 60_000;
const UNTOLD_MS = 1_000;

/**
 * What is in `/var/log/pods`, as the kubelet and its runtime write it. The system tells of changes in each of its folders over
 * one descriptor, and no file is asked for by itself.
 */
export class PodFolder {
  readonly path: string;
  readonly #sweepMs: number;
  readonly #untoldMs: number;
  readonly #listeners = new Set<PodListener>();
  readonly #pods = new Map<string, WatchedPod>();
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
    return [...this.#pods.values()].flatMap(({ logs }) => logs);
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
    for (const pod of this.#pods.values()) pod.close();
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
    for (const pod of this.#pods.values()) pod.sweep();
    for (const { key } of this.logs) this.#each((listener) => listener.changed?.(key));
    this.#sweepLater();
  }

  #rootListed(names: readonly string[]): void {
    const here = new Set(names);
    for (const [name, pod] of this.#pods) if (!here.has(name)) this.#dropPod(name, pod);
    for (const name of names) {
      const pod = parsePodFolder(name);
      if (pod !== undefined && !this.#pods.has(name)) this.#pods.set(name, this.#watchedPod(name, pod));
    }
    this.#isRootListed = true;
    if (this.#hasFailed) this.#isWhole = false;
    this.#hasFailed = false;
    this.#checkWhole();
  }

  #watchedPod(name: string, pod: Pod): WatchedPod {
    return new WatchedPod({
      path: `${this.path}/${name}`,
      name,
      pod,
      found: (log) => this.#each((listener) => listener.found(log)),
      changed: (key) => this.#each((listener) => listener.changed?.(key)),
      gone: (key) => this.#each((listener) => listener.gone?.(key)),
      listed: () => this.#checkWhole(),
      failed: (error) => this.#each((listener) => listener.failed(error)),
      untold: () => this.#setUntold(),
    });
  }

  #dropPod(name: string, watched: WatchedPod): void {
    this.#pods.delete(name);
    watched.drop();
    this.#each((listener) => listener.podGone?.(watched.pod));
  }

  #checkWhole(): void {
    if (this.#isWhole || !this.#isRootListed) return;
    if (![...this.#pods.values()].every((pod) => pod.isWhole)) return;
    this.#isWhole = true;
    this.#each((listener) => listener.whole());
  }
}

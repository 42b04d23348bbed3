import { errorCode } from '../../errors.ts';
import { logKey, type Pod, type PodLogFile, parseLogName, restartsOf } from '../../pods/log-path.ts';
import { WatchedFolder } from './watched-folder.ts';

export interface WatchedPodOptions {
  /** The pod's folder, and its name. */
  readonly path: string;
  readonly name: string;
  readonly pod: Pod;
  found(log: PodLogFile): void;
  changed(key: string): void;
  gone(key: string): void;
  /** More of it is known than before. */
  listed(): void;
  failed(error: unknown): void;
  /** The system does not tell of changes in one of its folders. */
  untold(): void;
}

interface ContainerFolder {
  readonly name: string;
  readonly path: string;
  readonly folder: WatchedFolder;
  readonly logs: Map<number, PodLogFile>;
  isListed: boolean;
}

/** The folder of one pod, those of its containers, and the logs in them. */
export class WatchedPod {
  readonly #options: WatchedPodOptions;
  readonly #folder: WatchedFolder;
  readonly #containers = new Map<string, ContainerFolder>();
  #isListed = false;

  constructor(options: WatchedPodOptions) {
    this.#options = options;
    this.#folder = new WatchedFolder({
      path: options.path,
      listed: (names) => this.#podListed(names),
      failed: (error) => this.#failed(error, this.#setListed),
      untold: options.untold,
    });
  }

  get pod(): Pod {
    return this.#options.pod;
  }

  get logs(): PodLogFile[] {
    return [...this.#containers.values()].flatMap(({ logs }) => [...logs.values()]);
  }

  /** Whether everything that was there at the beginning was told. */
  get isWhole(): boolean {
    return this.#isListed && [...this.#containers.values()].every(({ isListed }) => isListed);
  }

  /** Reads all of its folders once more. */
  sweep(): void {
    void this.#folder.list();
    for (const { folder } of this.#containers.values()) void folder.list();
  }

  /** It is gone: so are its logs. */
  drop(): void {
    this.#folder.close();
    for (const container of this.#containers.values()) this.#dropContainer(container);
  }

  /** Watches no more, and tells nothing. */
  close(): void {
    this.#folder.close();
    for (const { folder } of this.#containers.values()) folder.close();
  }

  readonly #setListed = (): void => {
    this.#isListed = true;
    this.#options.listed();
  };

  /** What is no folder is no pod, and what is gone is told by the folder above; what cannot be read is said. */
  #failed(error: unknown, listed: () => void): void {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) this.#options.failed(error);
    listed();
  }

  #podListed(names: readonly string[]): void {
    const here = new Set(names);
    for (const [name, container] of this.#containers) if (!here.has(name)) this.#dropContainer(container);
    for (const name of names) if (!this.#containers.has(name)) this.#addContainer(name);
    this.#setListed();
  }

  #addContainer(name: string): void {
    const { path: podPath, name: podName, changed, untold, listed } = this.#options;
    const path = `${podPath}/${name}`;
    const logs = new Map<number, PodLogFile>();
    const setListed = (): void => {
      container.isListed = true;
      listed();
    };
    const container: ContainerFolder = {
      name,
      path,
      logs,
      isListed: false,
      folder: new WatchedFolder({
        path,
        listed: (names) => {
          this.#containerListed(container, names);
          setListed();
        },
        changed: (file) => {
          const restarts = restartsOf(file);
          if (restarts !== undefined && logs.has(restarts)) changed(logKey(podName, name, restarts));
        },
        failed: (error) => this.#failed(error, setListed),
        untold,
      }),
    };
    this.#containers.set(name, container);
  }

  #containerListed({ name, path, logs }: ContainerFolder, names: readonly string[]): void {
    const { pod, name: podName, found, gone } = this.#options;
    const here = new Set(names.map(parseLogName));
    for (const [restarts, { key }] of logs) {
      // While a rotation is under way only what it made of the log is there.
      if (here.has(restarts) || names.some((file) => restartsOf(file) === restarts)) continue;
      logs.delete(restarts);
      gone(key);
    }
    for (const restarts of here) {
      if (restarts === undefined || logs.has(restarts)) continue;
      const key = logKey(podName, name, restarts);
      const log = { ...pod, container: name, restarts, key, path: `${path}/${restarts}.log` };
      logs.set(restarts, log);
      found(log);
    }
  }

  #dropContainer({ name, folder, logs }: ContainerFolder): void {
    folder.close();
    this.#containers.delete(name);
    for (const { key } of logs.values()) this.#options.gone(key);
  }
}

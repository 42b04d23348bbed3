import { readlink } from 'node:fs/promises';
import { idOfLink, keyOfTarget } from '../../pods/log-path.ts';
import { WatchedFolder } from './watched-folder.ts';

/** The full ids of containers by the keys of their logs, from the links in `/var/log/containers`. */
export class ContainerIds {
  readonly #path: string;
  readonly #folder: WatchedFolder;
  readonly #listeners = new Set<(key: string, id: string) => void>();
  /** The key of the log that each link leads to, by the link's name. */
  readonly #links = new Map<string, string | undefined>();
  readonly #ids = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
    this.#folder = new WatchedFolder({
      path,
      listed: (names) => void this.#listed(names),
      // A node without the folder has logs all the same.
      failed: () => undefined,
      untold: () => undefined,
    });
  }

  idOf(key: string): string | undefined {
    return this.#ids.get(key);
  }

  /** Hears of each id that becomes known. */
  listen(listener: (key: string, id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#folder.close();
    this.#listeners.clear();
  }

  async #listed(names: readonly string[]): Promise<void> {
    const here = new Set(names);
    for (const [name, key] of this.#links) if (!here.has(name)) this.#forget(name, key);
    for (const name of names) if (!this.#links.has(name)) await this.#read(name);
  }

  #forget(name: string, key: string | undefined): void {
    this.#links.delete(name);
    if (key !== undefined) this.#ids.delete(key);
  }

  async #read(name: string): Promise<void> {
    const id = idOfLink(name);
    const target = id === undefined ? undefined : await readlink(`${this.#path}/${name}`).catch(() => undefined);
    const key = target === undefined ? undefined : keyOfTarget(target);
    if (id === undefined || key === undefined) {
      this.#links.set(name, undefined);
      return;
    }
    this.#links.set(name, key);
    this.#ids.set(key, id);
    for (const listener of [...this.#listeners]) listener(key, id);
  }
}

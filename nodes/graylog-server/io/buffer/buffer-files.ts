import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { STATE_FOLDER } from '../../../../lib/io/state-file.ts';
import { ledgerPath } from './ledger.ts';
import { refusedPath } from './refused-file.ts';

/** A port of its own, or undefined for the server's. */
export type Port = number | undefined;

/** What the buffers of one server have on disk: a folder for each port, and what lies beside it. */
export class BufferFiles {
  readonly #folder: string;
  readonly #prefix: string;

  /** `id` names the server: letters, digits, dots, dashes and underscores. */
  constructor(userDir: string, id: string) {
    this.#folder = join(userDir, STATE_FOLDER);
    this.#prefix = `buffer-${id}-`;
  }

  folderOf(port: Port): string {
    return join(this.#folder, `${this.#prefix}${port ?? 'main'}`);
  }

  /** The ports of which something is left. */
  get ports(): Port[] {
    const found = this.#names.map((name) => /^(main|\d+)(\.ledger)?$/.exec(name)?.[1]);
    const known = new Set(found.filter((port) => port !== undefined));
    return [...known].map((port) => (port === 'main' ? undefined : Number(port)));
  }

  /** Removes what there is of an empty buffer that is closed. */
  async removePort(port: Port): Promise<void> {
    const folder = this.folderOf(port);
    await removeAll([folder, ledgerPath(folder)]);
  }

  /** Removes everything, after all were closed. */
  async removeEverything(): Promise<void> {
    const ours = this.#names.filter((name) => /^(main|\d+)(\.ledger|\.damaged-\d+)?$/.test(name));
    const refused = refusedPath(this.folderOf(undefined));
    const paths = ours.map((name) => join(this.#folder, this.#prefix + name));
    await removeAll([...paths, refused, `${refused}.1`]);
  }

  /** The names that are this server's, without what is the same in all of them. */
  get #names(): string[] {
    try {
      const names = readdirSync(this.#folder).filter((name) => name.startsWith(this.#prefix));
      return names.map((name) => name.slice(this.#prefix.length));
    } catch {
      // No folder, nothing left.
      return [];
    }
  }
}

/** What cannot be removed stays: nobody could do anything about it. */
async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

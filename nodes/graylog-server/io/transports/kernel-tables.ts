import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** To walk the kernel's tables takes some milliseconds, however few sockets there are: ten times a second at most. */
const BETWEEN_MS = 100;

/** Reads the kernel's tables of TCP sockets (proc_net_tcp(5)), once for all who ask at about the same time. */
export class KernelTables {
  readonly #betweenMs: number;
  readonly #readFiles: () => Promise<string | undefined>;
  /** A read that has not begun yet: whoever asks before it does gets a table that is newer than the question. */
  #next: Promise<string | undefined> | undefined;
  #notBeforeMs = 0;

  constructor(betweenMs = BETWEEN_MS, readFiles = readTables) {
    this.#betweenMs = betweenMs;
    this.#readFiles = readFiles;
  }

  /** The tables as they are after this call; undefined where the system has none. */
  read(): Promise<string | undefined> {
    this.#next ??= this.#readNext();
    return this.#next;
  }

  async #readNext(): Promise<string | undefined> {
    await wait(Math.max(0, this.#notBeforeMs - performance.now()));
    this.#next = undefined;
    this.#notBeforeMs = performance.now() + this.#betweenMs;
    return this.#readFiles();
  }
}

async function readTables(): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const tables = await Promise.allSettled([
    readFile('/proc/self/net/tcp', 'latin1'),
    readFile('/proc/self/net/tcp6', 'latin1'),
  ]);
  const read = tables.flatMap((table) => (table.status === 'fulfilled' ? [table.value] : []));
  return read.length === 0 ? undefined : read.join('\n');
}

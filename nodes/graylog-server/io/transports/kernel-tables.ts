import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** To walk the kernel's tables takes some milliseconds, however few sockets there are: ten times a second at most. */
const BETWEEN_MS = 100;
/** Where there are thousands of sockets it takes longer: of the time at most a twentieth goes into it, down to three times a second. */
const SHARE = 1 / 20;
const MOST_BETWEEN_MS = 300;

/** Gives the kernel's tables of TCP sockets, with `isForIpv4` that of IPv4; undefined where there are none. */
export type ReadTables = (isForIpv4: boolean) => Promise<string | undefined>;

/** Reads the kernel's tables of TCP sockets (proc_net_tcp(5)), once for all who ask at about the same time. */
export class KernelTables {
  readonly #betweenMs: number;
  readonly #readFiles: ReadTables;
  /** A read that has not begun yet: whoever asks before it does gets a table that is newer than the question. */
  #next: Promise<string | undefined> | undefined;
  /** Settles when the read that began last is over: two at once would take the threads that files are read with. */
  #running: Promise<unknown> = Promise.resolve();
  #notBeforeMs = 0;
  /** Somebody asks for sockets of IPv6, too. */
  #isForAll = false;

  constructor(betweenMs = BETWEEN_MS, readFiles = readTables) {
    this.#betweenMs = betweenMs;
    this.#readFiles = readFiles;
  }

  /**
   * The tables as they are after this call; undefined where the system has none. With `isForIpv4` there may be sockets of
   * IPv4 alone: each table takes its time.
   */
  read(isForIpv4 = false): Promise<string | undefined> {
    this.#isForAll ||= !isForIpv4;
    this.#next ??= this.#readNext();
    return this.#next;
  }

  async #readNext(): Promise<string | undefined> {
    await this.#running;
    await wait(Math.max(0, this.#notBeforeMs - performance.now()));
    this.#next = undefined;
    const startedMs = performance.now();
    this.#notBeforeMs = startedMs + this.#betweenMs;
    const isForAll = this.#isForAll;
    this.#isForAll = false;
    const reading = this.#readFiles(!isForAll).finally(() => {
      const endedMs = performance.now();
      const betweenMs = Math.min((endedMs - startedMs) / SHARE, MOST_BETWEEN_MS);
      this.#notBeforeMs = Math.max(this.#notBeforeMs, endedMs + betweenMs);
    });
    this.#running = reading.catch(() => undefined);
    return reading;
  }
}

async function readTables(isForIpv4: boolean): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const names = isForIpv4 ? ['tcp'] : ['tcp', 'tcp6'];
  const tables = await Promise.allSettled(names.map((name) => readFile(`/proc/self/net/${name}`, 'latin1')));
  const read = tables.flatMap((table) => (table.status === 'fulfilled' ? [table.value] : []));
  return read.length === 0 ? undefined : read.join('\n');
}

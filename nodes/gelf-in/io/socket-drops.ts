import { readdir, readFile, readlink } from 'node:fs/promises';
import { socketRows } from '../kernel-tables.ts';

const LOOK_MS = 5_000;
const TABLES = ['/proc/net/udp', '/proc/net/udp6'];

/** Counts what the kernel threw away at a port of UDP because nobody read it in time. Linux only. */
export class SocketDrops {
  readonly #port: number;
  readonly #dropped: (count: number) => void;
  readonly #timer: NodeJS.Timeout;
  /** The numbers of this process' own sockets; found once, at the first look. */
  #own: Promise<ReadonlySet<string>> | undefined;
  #before = 0;
  #looking: Promise<void> | undefined;

  constructor(port: number, dropped: (count: number) => void) {
    this.#port = port;
    this.#dropped = dropped;
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** Looks now. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Looks for the last time: the kernel forgets the count with the socket. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.look();
  }

  async #look(): Promise<void> {
    const tables = await Promise.all(TABLES.map((path) => readFile(path, 'utf8').catch(() => '')));
    this.#own ??= ownInodes();
    const own = await this.#own;
    const rows = tables.flatMap(socketRows).filter(({ port, inode }) => port === this.#port && own.has(inode));
    const drops = rows.reduce((sum, row) => sum + row.drops, 0);
    const more = drops - this.#before;
    this.#before = drops;
    if (more > 0) this.#dropped(more);
  }
}

/** Another program may have the same port at another address. */
async function ownInodes(): Promise<ReadonlySet<string>> {
  const files = await readdir('/proc/self/fd').catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => '')));
  return new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
}

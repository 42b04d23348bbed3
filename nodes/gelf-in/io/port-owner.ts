import { readdir, readFile, readlink } from 'node:fs/promises';
import { socketRows } from '../kernel-tables.ts';

const TABLES = { udp: ['/proc/net/udp', '/proc/net/udp6'], tcp: ['/proc/net/tcp', '/proc/net/tcp6'] };
const TAKES = new Set(['0A', '07']);
/** More open files than any process has that is asked about. */
const MOST_FILES = 5_000;

/**
 * The program that has a port, such as `nc (4711)`; `self` where it is this process, undefined where nobody says. Linux only,
 * and of other users' programs only as root.
 */
export async function portOwner(kind: keyof typeof TABLES, port: number): Promise<string | undefined> {
  const tables = await Promise.all(TABLES[kind].map((path) => readFile(path, 'utf8').catch(() => '')));
  const rows = tables.flatMap(socketRows).filter((row) => row.port === port && TAKES.has(row.state));
  const links = new Set(rows.map(({ inode }) => `socket:[${inode}]`));
  if (links.size === 0) return undefined;
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid) || !(await hasOpen(pid, links))) continue;
    if (pid === String(process.pid)) return 'self';
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    return `${name.trim()} (${pid})`;
  }
  return undefined;
}

async function hasOpen(pid: string, links: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const file of files.slice(0, MOST_FILES)) {
    const link = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
    if (links.has(link)) return true;
  }
  return false;
}

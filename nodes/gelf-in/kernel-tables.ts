/** The tables of sockets of Linux: `/proc/net/udp`, `udp6`, `tcp` and `tcp6` have the same columns. */

export interface SocketRow {
  readonly port: number;
  /** The number behind `socket:` in the list of a process' open files. */
  readonly inode: string;
  /** The user it belongs to. */
  readonly uid: number;
  /** Datagrams that the kernel threw away as nobody read them in time; 0 for TCP. */
  readonly drops: number;
  /** As the table has it: `0A` is a socket of TCP that listens, `07` one of UDP that takes datagrams. */
  readonly state: string;
}

const LOCAL = 1;
const STATE = 3;
const UID = 7;
const INODE = 9;
const DROPS = 12;

/** The rows of a table; those that cannot be read are left out. */
export function socketRows(table: string): SocketRow[] {
  return table.split('\n').slice(1).flatMap(rowOf);
}

function rowOf(line: string): SocketRow[] {
  const columns = line.trim().split(/\s+/);
  const port = Number.parseInt(columns[LOCAL]?.split(':')[1] ?? '', 16);
  const inode = columns[INODE];
  if (Number.isNaN(port) || inode === undefined) return [];
  const drops = Number(columns[DROPS] ?? 0);
  return [
    {
      ...{ port, inode, state: columns[STATE] ?? '', uid: Number(columns[UID] ?? 0) },
      drops: Number.isSafeInteger(drops) ? drops : 0,
    },
  ];
}

/**
 * The kernel's table of TCP sockets. Source: proc_net_tcp(5) and the kernel's Documentation/networking/proc_net_tcp.rst.
 * A row begins `sl local_address rem_address st tx_queue:rx_queue`; numbers are hexadecimal.
 */

const ROW = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):[0-9A-F]{8} /;

/** States in which a socket may still hold what the peer has not acknowledged (`include/net/tcp_states.h`). */
const SENDING = new Set(['01', '04', '05', '08', '09', '0B']);

const TIME_WAIT = '06';

/**
 * How many bytes the socket between these two ports has written that its peer has not acknowledged; undefined where the
 * table has no such socket. Two ports name a connection of this process well enough: the local one is taken once.
 */
export function unacknowledgedBytes(table: string, localPort: number, remotePort: number): number | undefined {
  const row = rowsOf(table, localPort, remotePort).find(({ state }) => SENDING.has(state));
  return row === undefined ? undefined : Number.parseInt(row.sendQueue, 16);
}

/**
 * How the end of a socket went whose own end and whose peer's end were both seen. `timeWait`: the peer acknowledged all that
 * it was sent, our end too, before it ended. `waiting`: it ended, and has not acknowledged that yet.
 */
export function stateOfEnd(table: string, localPort: number, remotePort: number): 'timeWait' | 'waiting' | undefined {
  const states = rowsOf(table, localPort, remotePort).map(({ state }) => state);
  if (states.includes(TIME_WAIT)) return 'timeWait';
  return states.length > 0 ? 'waiting' : undefined;
}

/** How many sockets wait for late packets after their end. */
export function timeWaitCount(table: string): number {
  return table.split(` ${TIME_WAIT} 00000000:`).length - 1;
}

interface Row {
  readonly state: string;
  readonly sendQueue: string;
}

function rowsOf(table: string, localPort: number, remotePort: number): Row[] {
  const rows: Row[] = [];
  const local = hexPort(localPort);
  const remote = hexPort(remotePort);
  // The table may have thousands of rows: only those that name the port are looked at.
  for (let at = table.indexOf(`:${local} `); at !== -1; at = table.indexOf(`:${local} `, at + 1)) {
    const start = table.lastIndexOf('\n', at) + 1;
    const end = table.indexOf('\n', at);
    const row = ROW.exec(table.slice(start, end === -1 ? undefined : end));
    if (row?.[2] === local && row[4] === remote) rows.push({ state: row[5] ?? '', sendQueue: row[6] ?? '' });
  }
  return rows;
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

import { NumberTable } from '../../../lib/number-table.ts';
import { Connection, ownText, type SavedConnection } from './connection.ts';
import type { Entry } from './entry.ts';
import { timedOutProcess } from './meaning.ts';

/** So many connections are remembered: about 256 kB in the state file. */
export const MOST_CONNECTIONS = 2048;
/** Of so many hosts. One more, and all are forgotten. */
export const MOST_HOSTS = 256;
/** The keys of a host's processes begin at a multiple of it. Numbers of processes have at most ten digits. */
const KEYS_PER_HOST = 1e10;
/** So many are kept without a look at their age. */
const KEPT = 64;
/** How many connections are looked at for each new one, to forget those that have expired. */
const LOOKED_AT = 2;
/** So many forgotten ones are kept to become new ones. */
const MOST_FORGOTTEN = 64;
/** A power of two. */
const PORTS = 1024;

/** Finds connections by the process and by the client's endpoint, and forgets them. */
export class ConnectionIndex {
  readonly #byProcess = new NumberTable<Connection>();
  /** Of those where somebody is logged in, by address and port; of two with the same place the newer. */
  readonly #byEndpoint = new NumberTable<Connection>();
  /** How many of these there are by the remainder of their port: most new clients have one that none of these has. */
  readonly #ports = new Uint16Array(PORTS);
  readonly #hosts: Map<string, number>;
  #host = '';
  #hostKey = -1;
  /** The next of the ring that is looked at. New ones stand before it. */
  #next: Connection | undefined;
  #size = 0;
  /** They become new connections. Nobody else has one of them. */
  readonly #forgotten: Connection[] = [];

  constructor(hosts: string[] = [], connections: SavedConnection[] = []) {
    this.#hosts = new Map(hosts.map((name, place) => [name, place]));
    for (const saved of connections) {
      const connection = Connection.restore(saved);
      this.#append(connection);
      this.#byProcess.set(connection.key, connection);
      for (const key of connection.moreKeys ?? []) this.#byProcess.set(key, connection);
      this.addEndpoint(connection);
    }
  }

  save(): { hosts: string[]; connections: SavedConnection[] } {
    const connections: SavedConnection[] = [];
    for (let each = this.#next; each !== undefined && connections.length < this.#size; each = each.next) {
      connections.push(each.save());
    }
    return { hosts: [...this.#hosts.keys()], connections };
  }

  /** The connection of a process, by the key that a connection has of it. */
  withKey(key: number): Connection | undefined {
    return this.#byProcess.get(key);
  }

  /** The connection of an entry: one that it continues, or a new one. */
  find(entry: Entry): Connection {
    const { program } = entry;
    const host = this.#keyOfHost(entry.host);
    const timedOut = timedOutProcess(entry.message, entry.meaning);
    if (timedOut !== undefined) return this.#timedOut(entry, host + timedOut);
    const key = keyOf(host, entry);
    const known = key === 0 ? undefined : this.#byProcess.get(key);
    const isKnown = known?.program.family === program.family && known.continues(entry, true);
    if (isKnown && (known.port !== -1 || entry.port === -1 || !program.hasManyProcesses)) return known;
    const other = program.hasManyProcesses && entry.port !== -1 ? this.#withEndpoint(entry, host) : undefined;
    if (isKnown && (other === undefined || other === known)) return known;
    if (known !== undefined) this.#detach(known, key);
    if (other === undefined) return this.#create(entry, key);
    if (key !== 0) {
      other.moreKeys = [...(other.moreKeys ?? []), key];
      this.#byProcess.set(key, other);
    }
    return other;
  }

  /** The process that listens tells the end of another one's connection. */
  #timedOut(entry: Entry, key: number): Connection {
    const ended = this.#byProcess.get(key);
    if (ended?.program.family === entry.program.family && ended.continues(entry, true)) return ended;
    return new Connection(entry.record.event_id, entry.program, 0, entry.nowMs);
  }

  /** The connection of which another process wrote, after the login. Before it, one process writes all. */
  #withEndpoint(entry: Entry, host: number): Connection | undefined {
    const { address, port } = entry;
    if (this.#ports[port % PORTS] === 0) return undefined;
    const found = this.#byEndpoint.get(endpointKey(address, port));
    if (found === undefined || found.port !== port || found.address !== address) return undefined;
    return isOfHost(found, host) && found.continues(entry, false) ? found : undefined;
  }

  /** Lets the connection be found by its endpoint from now on. */
  addEndpoint(connection: Connection): void {
    const { address, port } = connection;
    if (address === '' || port === -1) return;
    if (connection.place === 0) {
      connection.place = endpointKey(address, port);
      (this.#ports[port % PORTS] as number)++;
    }
    this.#byEndpoint.set(connection.place, connection);
  }

  /** The number of the entry's process is that of no connection any more. */
  release(entry: Entry): void {
    const key = this.#keyOfHost(entry.host) + entry.processId;
    const known = entry.processId === -1 ? undefined : this.#byProcess.get(key);
    if (known !== undefined) this.#detach(known, key);
  }

  #create(entry: Entry, key: number): Connection {
    const connection = this.#newConnection(entry, key);
    if (key === 0) return connection;
    this.#byProcess.set(key, connection);
    this.#append(connection);
    if (this.#size > KEPT) this.#expire(entry.nowMs);
    return connection;
  }

  #newConnection({ record, program, nowMs }: Entry, key: number): Connection {
    const forgotten = key === 0 ? undefined : this.#forgotten.pop();
    return (
      forgotten?.begin(record.event_id, program, key, nowMs) ?? new Connection(record.event_id, program, key, nowMs)
    );
  }

  /** Looks at the next few, in turn. What is forgotten depends on nothing but the records so far. */
  #expire(nowMs: number): void {
    for (let looked = 0; looked < LOOKED_AT; looked++) {
      const connection = this.#next;
      if (connection === undefined) return;
      if (this.#size > MOST_CONNECTIONS) {
        this.#forget(connection);
        return;
      }
      if (connection.isExpired(nowMs)) this.#forget(connection);
      else {
        connection.own();
        this.#next = connection.next;
      }
    }
  }

  #forget(connection: Connection): void {
    this.#remove(connection);
    this.#byProcess.delete(connection.key);
    for (const key of connection.moreKeys ?? []) this.#byProcess.delete(key);
    if (this.#forgotten.length < MOST_FORGOTTEN) this.#forgotten.push(connection);
    const { place, port } = connection;
    if (place === 0) return;
    (this.#ports[port % PORTS] as number)--;
    if (this.#byEndpoint.get(place) === connection) this.#byEndpoint.delete(place);
  }

  /** Another process has the number now. The connection is forgotten with its last process. */
  #detach(connection: Connection, key: number): void {
    const [first, ...more] = [connection.key, ...(connection.moreKeys ?? [])].filter((each) => each !== key);
    if (first === undefined) {
      this.#forget(connection);
      return;
    }
    this.#byProcess.delete(key);
    connection.key = first;
    connection.moreKeys = more;
    connection.touch(connection.lastMs);
  }

  #append(connection: Connection): void {
    const next = this.#next ?? connection;
    const { previous } = next;
    connection.next = next;
    connection.previous = previous;
    previous.next = connection;
    next.previous = connection;
    this.#next = next;
    this.#size++;
  }

  #remove(connection: Connection): void {
    const { previous, next } = connection;
    previous.next = next;
    next.previous = previous;
    if (connection === this.#next) this.#next = connection === next ? undefined : next;
    // A forgotten one that V8 has moved to its old space would keep its neighbours, and these theirs, until all is collected.
    connection.previous = connection;
    connection.next = connection;
    this.#size--;
  }

  #keyOfHost(host: string): number {
    if (this.#hostKey !== -1 && host === this.#host) return this.#hostKey;
    let place = this.#hosts.get(host);
    if (place === undefined) {
      if (this.#hosts.size >= MOST_HOSTS) this.#clear();
      place = this.#hosts.size;
      this.#hosts.set(ownText(host), place);
    }
    this.#host = host;
    this.#hostKey = place * KEYS_PER_HOST;
    return this.#hostKey;
  }

  #clear(): void {
    this.#hosts.clear();
    this.#byProcess.clear();
    this.#byEndpoint.clear();
    this.#ports.fill(0);
    this.#next = undefined;
    this.#size = 0;
  }
}

/**
 * The key of the process. Where the line does not tell it, that of who uses the program where, or of the client's endpoint:
 * these are negative. 0 where nothing holds the lines together.
 */
function keyOf(host: number, { processId, program, fields, address, port, user }: Entry): number {
  if (processId !== -1) return host + processId;
  const { family, hasManyProcesses } = program;
  if (hasManyProcesses && (port === -1 || address === '')) return 0;
  const who = hasManyProcesses ? `${address} ${port}` : `${user} ${(fields.tty ?? '').replace('/dev/', '')}`;
  return -1 - hashOf(`${family} ${who}`, host / KEYS_PER_HOST);
}

function isOfHost({ key }: Connection, host: number): boolean {
  return key >= host && key < host + KEYS_PER_HOST;
}

/** Two endpoints may have the same: who finds a connection by it must compare. */
function endpointKey(address: string, port: number): number {
  return 1 + hashOf(address, port);
}

/** A whole number of 30 bits. Two may have the same: who finds a connection by it must compare. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash >>> 2;
}

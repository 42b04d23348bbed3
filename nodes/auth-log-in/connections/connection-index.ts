import { NumberTable } from '../../../lib/number-table.ts';
import { Connection, ownText, type SavedConnection } from './connection.ts';
import { ConnectionRing } from './connection-ring.ts';
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
  /** By their places. Those that were forgotten become new ones: nobody else has one of them. */
  readonly #all: (Connection | undefined)[] = [undefined];
  /** A new one is added before one is forgotten. */
  readonly #ring = new ConnectionRing(MOST_CONNECTIONS + 1);
  /** By its place, the key of a connection to which nothing else leads; else 0. What was used long ago is slow to ask. */
  readonly #onlyKeys = new Float64Array(MOST_CONNECTIONS + 2);
  readonly #byProcess = new NumberTable();
  /** Those where somebody is logged in, by address and port; of two with the same key the newer. */
  readonly #byEndpoint = new NumberTable();
  /** How many of these there are by the remainder of their port: most new clients have one that none of these has. */
  readonly #ports = new Uint16Array(PORTS);
  readonly #hosts: Map<string, number>;
  #host = '';
  #hostKey = -1;

  constructor(hosts: string[] = [], connections: SavedConnection[] = []) {
    this.#hosts = new Map(hosts.map((name, place) => [name, place]));
    for (const saved of connections) {
      const connection = Connection.restore(saved);
      connection.place = this.#ring.append();
      this.#all[connection.place] = connection;
      for (const key of [connection.key, ...(connection.moreKeys ?? [])]) this.#byProcess.set(key, connection.place);
      if (connection.program.hasManyProcesses) this.addEndpoint(connection);
    }
  }

  save(): { hosts: string[]; connections: SavedConnection[] } {
    const connections = Array.from(this.#ring, (place) => (this.#all[place] as Connection).save());
    return { hosts: [...this.#hosts.keys()], connections };
  }

  /** The connection of a process, by the key that a connection has of it. */
  withKey(key: number): Connection | undefined {
    return this.#all[this.#byProcess.get(key)];
  }

  /** The connection of an entry: one that it continues, or a new one. */
  find(entry: Entry): Connection {
    const { program } = entry;
    const host = this.#keyOfHost(entry.host);
    const timedOut = timedOutProcess(entry.message, entry.meaning);
    if (timedOut !== undefined) return this.#timedOut(entry, host + timedOut);
    const key = keyOf(host, entry);
    const known = key === 0 ? undefined : this.withKey(key);
    const isKnown = known?.program.family === program.family && known.continues(entry, true);
    if (isKnown && (known.port !== -1 || entry.port === -1 || !program.hasManyProcesses)) return known;
    const other = program.hasManyProcesses && entry.port !== -1 ? this.#withEndpoint(entry, host) : undefined;
    if (isKnown && (other === undefined || other === known)) return known;
    if (known !== undefined) this.#detach(known, key);
    if (other === undefined) return this.#create(entry, key);
    if (key !== 0) {
      other.moreKeys = [...(other.moreKeys ?? []), key];
      this.#onlyKeys[other.place] = 0;
      this.#byProcess.set(key, other.place);
    }
    return other;
  }

  /** The process that listens tells the end of another one's connection. */
  #timedOut(entry: Entry, key: number): Connection {
    const ended = this.withKey(key);
    if (ended?.program.family === entry.program.family && ended.continues(entry, true)) return ended;
    return new Connection(entry.record.event_id, entry.program, 0, entry.nowMs);
  }

  /** The connection of which another process wrote, after the login. Before it, one process writes all. */
  #withEndpoint(entry: Entry, host: number): Connection | undefined {
    const { address, port } = entry;
    if (this.#ports[port % PORTS] === 0) return undefined;
    const found = this.#all[this.#byEndpoint.get(endpointKey(address, port))];
    if (found === undefined || found.port !== port || found.address !== address) return undefined;
    return isOfHost(found, host) && found.continues(entry, false) ? found : undefined;
  }

  /** Lets the connection be found by its endpoint from now on. */
  addEndpoint(connection: Connection): void {
    const { address, port } = connection;
    if (address === '' || port === -1) return;
    if (connection.endpointKey === 0) {
      connection.endpointKey = endpointKey(address, port);
      (this.#ports[port % PORTS] as number)++;
    }
    this.#byEndpoint.set(connection.endpointKey, connection.place);
    this.#onlyKeys[connection.place] = 0;
  }

  /** The number of the entry's process is that of no connection any more. */
  release(entry: Entry): void {
    const key = this.#keyOfHost(entry.host) + entry.processId;
    const known = entry.processId === -1 ? undefined : this.withKey(key);
    if (known !== undefined) this.#detach(known, key);
  }

  #create({ record, program, nowMs }: Entry, key: number): Connection {
    if (key === 0) return new Connection(record.event_id, program, key, nowMs);
    const place = this.#ring.append();
    const forgotten = this.#all[place];
    const connection =
      forgotten?.begin(record.event_id, program, key, nowMs) ?? new Connection(record.event_id, program, key, nowMs);
    if (forgotten === undefined) {
      connection.place = place;
      this.#all[place] = connection;
    }
    this.#byProcess.set(key, place);
    this.#onlyKeys[place] = key;
    if (this.#ring.size > KEPT) this.#expire(nowMs);
    return connection;
  }

  /** Looks at the next few, in turn. What is forgotten depends on nothing but the records so far. */
  #expire(nowMs: number): void {
    for (let looked = 0; looked < LOOKED_AT; looked++) {
      const place = this.#ring.first;
      if (place === 0) return;
      if (this.#ring.size > MOST_CONNECTIONS) {
        this.#forget(place);
        return;
      }
      const connection = this.#all[place] as Connection;
      if (connection.isExpired(nowMs)) this.#forget(place);
      else {
        connection.own();
        this.#ring.turn();
      }
    }
  }

  #forget(place: number): void {
    const onlyKey = this.#onlyKeys[place] as number;
    if (onlyKey === 0) this.#forgetKeys(this.#all[place] as Connection);
    else this.#byProcess.delete(onlyKey);
    if (this.#ring.freeCount >= MOST_FORGOTTEN) this.#all[place] = undefined;
    this.#ring.remove(place);
  }

  #forgetKeys({ key, moreKeys = [], endpointKey, place, port }: Connection): void {
    for (const each of [key, ...moreKeys]) this.#byProcess.delete(each);
    if (endpointKey === 0) return;
    (this.#ports[port % PORTS] as number)--;
    if (this.#byEndpoint.get(endpointKey) === place) this.#byEndpoint.delete(endpointKey);
  }

  /** Another process has the number now. The connection is forgotten with its last process. */
  #detach(connection: Connection, key: number): void {
    const [first, ...more] = [connection.key, ...(connection.moreKeys ?? [])].filter((each) => each !== key);
    if (first === undefined) {
      this.#forget(connection.place);
      return;
    }
    this.#byProcess.delete(key);
    connection.key = first;
    connection.moreKeys = more;
    this.#onlyKeys[connection.place] = 0;
    connection.touch(connection.lastMs);
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
    this.#all.length = 1;
    this.#ring.clear();
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

import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { stateOfEnd, timeWaitCount, unacknowledgedBytes } from '../../tcp-table.ts';
import { KernelTables, type ReadTables } from './kernel-tables.ts';

export interface AcknowledgementWatchOptions {
  readTables?: ReadTables;
  /** A peer that acknowledges nothing for so long is dead. */
  deadMs?: number;
  lookMs?: number;
}

interface Watched {
  readonly onDead: () => void;
  /** What the socket had written at the last look. */
  writtenBefore: number;
  /** The most that the peer can have acknowledged when it last made progress, and when that was. */
  mark: { readonly acknowledged: number; readonly atMs: number } | undefined;
}

/** What a socket says of itself as long as it is open. */
export type SocketPlace = Pick<Socket, 'localPort' | 'remotePort' | 'localFamily'>;

const IPV4 = 'IPv4';
const DEAD_MS = 10_000;
const LOOK_MS = 1_000;
const END_LOOK_MS = 50;
const END_MS = 1_000;
/** Our own end counts as a byte (RFC 9293, 3.4). */
const END_BYTES = 1;
const MANY_TIME_WAITS = 1_000;

/**
 * Notices a peer that is gone without a word: the kernel sends again for many minutes what nobody acknowledges, and Node
 * has no option to bound that (`TCP_USER_TIMEOUT`). It looks once a second, and only while a socket has written something
 * that may be under way. Where the system has no such tables it notices nothing.
 */
export class AcknowledgementWatch {
  readonly #readTables: ReadTables;
  readonly #deadMs: number;
  readonly #lookMs: number;
  readonly #sockets = new Map<Socket, Watched>();
  #timer: NodeJS.Timeout | undefined;
  /** Whether this system has ever told of a socket of ours that ended in good order. */
  #tellsTimeWait = false;

  constructor({ readTables, deadMs = DEAD_MS, lookMs = LOOK_MS }: AcknowledgementWatchOptions = {}) {
    const tables = new KernelTables();
    this.#readTables = readTables ?? ((isForIpv4) => tables.read(isForIpv4));
    this.#deadMs = deadMs;
    this.#lookMs = lookMs;
  }

  /** Watches the socket from now until all that it wrote is acknowledged. Asked for at each write, it costs nothing. */
  watch(socket: Socket, onDead: () => void): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.set(socket, { onDead, writtenBefore: -1, mark: undefined });
    this.#timer ??= setTimeout(() => void this.#look(), this.#lookMs).unref();
  }

  forget(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  /**
   * Whether the end of a peer was the answer to ours. A program that ends by itself, or is ended, while what it was sent is
   * still on its way, sends the same end: its system has not acknowledged ours then. Asked for right after the socket has
   * closed, with what it said of its ports and its family before. Where the system does not tell, the peer is believed.
   *
   * A program that took leave over TLS lives, and may have done so before our end of TCP had left: the system keeps nothing
   * of the socket then. Its leave is an answer where it had acknowledged all that came before our end.
   */
  async isAnswer({ localPort, remotePort, localFamily }: SocketPlace, { isTakenLeave = false } = {}): Promise<boolean> {
    if (localPort === undefined || remotePort === undefined) return true;
    for (const endMs = performance.now() + END_MS; performance.now() < endMs; await wait(END_LOOK_MS)) {
      const tables = await this.#readTables(localFamily === IPV4);
      if (tables === undefined) return true;
      const state = stateOfEnd(tables, localPort, remotePort);
      if (state === 'timeWait') {
        this.#tellsTimeWait = true;
        return true;
      }
      if (isTakenLeave) return (unacknowledgedBytes(tables, localPort, remotePort) ?? 0) <= END_BYTES;
      // A system with very many of them keeps no more.
      if (state === undefined)
        return !this.#tellsTimeWait || timeWaitCount((await this.#readTables(false)) ?? '') > MANY_TIME_WAITS;
    }
    return false;
  }

  async #look(): Promise<void> {
    const sockets = [...this.#sockets.keys()];
    const written = new Map(sockets.map((socket) => [socket, socket.bytesWritten]));
    const isForIpv4 = sockets.every(({ localFamily }) => localFamily === IPV4);
    const tables = sockets.length === 0 ? undefined : await this.#readTables(isForIpv4);
    if (tables === undefined) this.#sockets.clear();
    for (const [socket, watched] of this.#sockets) {
      const before = written.get(socket);
      if (before !== undefined && tables !== undefined) this.#assess(socket, watched, before, tables);
    }
    this.#timer = undefined;
    if (this.#sockets.size > 0) this.#timer = setTimeout(() => void this.#look(), this.#lookMs).unref();
  }

  /** `written`: what the socket had written before the table was read; it may have written more since. */
  #assess(socket: Socket, watched: Watched, written: number, tables: string): void {
    const { localPort, remotePort } = socket;
    const unacknowledged =
      socket.destroyed || localPort === undefined || remotePort === undefined
        ? undefined
        : unacknowledgedBytes(tables, localPort, remotePort);
    if (unacknowledged === undefined || (unacknowledged === 0 && written === watched.writtenBefore)) {
      this.#sockets.delete(socket);
      return;
    }
    watched.writtenBefore = written;
    const nowMs = performance.now();
    const { mark } = watched;
    // What was written during the look must not count as progress.
    if (unacknowledged === 0 || mark === undefined || written - unacknowledged > mark.acknowledged) {
      watched.mark = { acknowledged: socket.bytesWritten - unacknowledged, atMs: nowMs };
    } else if (nowMs - mark.atMs >= this.#deadMs) {
      this.#sockets.delete(socket);
      watched.onDead();
    }
  }
}

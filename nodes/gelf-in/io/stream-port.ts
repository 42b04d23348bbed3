import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { plainAddress } from '../address.ts';
import type { Counts } from '../counts.ts';
import type { Foreign } from '../frame/foreign.ts';
import type { SharedRoom } from '../shared-room.ts';
import { admit, listening } from './admit.ts';
import { bindEither } from './bind.ts';
import type { Intake } from './intake.ts';
import { StreamReader } from './stream-reader.ts';

export interface StreamOptions {
  readonly port: number;
  readonly address: string | undefined;
  /** Present for TLS. */
  readonly tls: TlsOptions | undefined;
  readonly mostBytes: number;
  readonly connections: number;
  readonly intake: Intake;
  readonly counts: Counts;
  readonly room: SharedRoom;
  isAllowed(address: string): boolean;
  /** Resolves when a sender may be read from. */
  mayRead(): Promise<void> | undefined;
  /** Resolves once everything that was handed on is safe. */
  settled(): Promise<void>;
  lost(error: unknown): void;
  /** Hears what a connection speaks that is no GELF, and when the limit of connections is reached. */
  refused(kind: Foreign | 'limit', sender: string): void;
}

const HANDSHAKE_MS = 10_000;
/** What a sender may leave unsaid inside of a frame, in ms. Between frames it may be silent for ever. */
const SILENT_MS = 60_000;
const LOOK_MS = 5_000;
const KEEP_ALIVE_MS = 60_000;

/**
 * Takes GELF over TCP or TLS. A sender's end is answered only once everything before it is safe: our own sender takes the
 * answer for the confirmation that TCP lacks.
 */
export class StreamPort {
  readonly #options: StreamOptions;
  readonly #readers = new Set<StreamReader>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isHeld = true;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Throws the system's error where the port cannot be had. Resolves to the address. */
  async open(): Promise<string> {
    const { address, lost } = this.#options;
    const { opened, at } = await bindEither(address, (host) => this.#listen(host));
    this.#server = opened;
    opened.on('error', lost);
    this.#timer = setInterval(() => this.#endSilent(), LOOK_MS).unref();
    return at;
  }

  /** Whether the process goes on for it. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const one of [this.#server, ...this.#sockets]) isHeld ? one?.ref() : one?.unref();
  }

  /** Takes no more connections. Those that are there are read up to their last whole frame and ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    await Promise.all([...this.#readers].map((reader) => reader.end()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #listen(host: string): Promise<Server> {
    const { tls, port } = this.#options;
    const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    const server =
      tls === undefined
        ? createServer(options)
        : createTlsServer({ ...tls, ...options, handshakeTimeout: HANDSHAKE_MS });
    server.on('connection', (socket: Socket) => this.#admit(socket));
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => this.#read(socket));
    server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
    return listening(server, port, host);
  }

  /** What a balancer's probe does, a connection without a byte, is no event. */
  #admit(socket: Socket): void {
    admit(socket, this.#sockets, this.#isHeld, this.#options);
  }

  #read(socket: Socket): void {
    if (socket.destroyed) return;
    const { intake, counts, room, mostBytes, mayRead, settled, refused } = this.#options;
    const sender = plainAddress(socket.remoteAddress);
    const reader = new StreamReader(socket, {
      ...{ sender, mostBytes, mayRead, settled },
      take: (frames) => intake.take(frames, sender),
      room: { take: (bytes) => room.take(sender, bytes), release: (bytes) => room.release(sender, bytes) },
      dropped: (reason) => counts.drop(reason, sender),
      refused: (kind) => {
        counts.drop(kind === 'compressed' ? 'compressed' : 'foreign', sender);
        refused(kind, sender);
      },
    });
    this.#readers.add(reader);
    void reader.run().then(() => this.#readers.delete(reader));
  }

  #endSilent(): void {
    const beforeMs = performance.now() - SILENT_MS;
    for (const reader of this.#readers) reader.endIfSilentSince(beforeMs);
  }
}

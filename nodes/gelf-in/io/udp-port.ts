import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { plainAddress } from '../address.ts';
import { ChunkStore, isChunk } from '../chunk/chunk-store.ts';
import type { Counts } from '../counts.ts';
import type { SharedRoom } from '../shared-room.ts';
import { bindEither } from './bind.ts';
import type { Intake } from './intake.ts';
import { SocketDrops } from './socket-drops.ts';

export interface UdpOptions {
  readonly port: number;
  readonly address: string | undefined;
  readonly mostBytes: number;
  readonly intake: Intake;
  readonly counts: Counts;
  readonly room: SharedRoom;
  isAllowed(address: string): boolean;
  /** Hears that the socket broke. */
  lost(error: unknown): void;
  /** Hears that the system gives a smaller buffer than was asked for, in bytes. */
  smallBuffer(bytes: number): void;
}

/** What the kernel shall keep while this process is busy: some tenths of a second of a flood. */
const RECEIVE_BYTES = 4 * 1024 * 1024;
const EXPIRE_MS = 500;
/** Linux reports twice of what it was asked for: its own book-keeping is in it. */
const REPORTED = process.platform === 'linux' ? 2 : 1;

/** Takes GELF over UDP: whole, packed, and in chunks. Each datagram is on its own, whatever was in another. */
export class UdpPort {
  readonly #options: UdpOptions;
  readonly #chunks: ChunkStore;
  #socket: Socket | undefined;
  #drops: SocketDrops | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UdpOptions) {
    this.#options = options;
    this.#chunks = new ChunkStore({
      ...{ room: options.room, mostBytes: options.mostBytes },
      lost: (reason, sender) => options.counts.drop(reason, sender),
    });
  }

  /** Throws the system's error where the port cannot be had. Resolves to the address. */
  async open(): Promise<string> {
    const { port, address, lost } = this.#options;
    const { opened, at } = await bindEither(address, (host) => bind(port, host));
    this.#socket = opened;
    opened.on('message', (datagram, remote) => this.#take(datagram, remote));
    opened.on('error', lost);
    this.#drops = new SocketDrops(port, (count) => this.#options.counts.drop('socket', '', count));
    this.#timer = setInterval(() => this.#chunks.expire(performance.now()), EXPIRE_MS).unref();
    const buffer = opened.getRecvBufferSize() / REPORTED;
    if (buffer < RECEIVE_BYTES) this.#options.smallBuffer(buffer);
    return at;
  }

  /** Whether the process goes on for it. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#socket?.ref();
    else this.#socket?.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    await this.#drops?.close();
    if (socket === undefined) return;
    socket.removeAllListeners('message');
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }

  #take(datagram: Buffer, { address }: RemoteInfo): void {
    const { counts, intake, isAllowed } = this.#options;
    const sender = plainAddress(address);
    intake.noteRead();
    if (!isAllowed(sender)) counts.drop('notAllowed', sender);
    else if (!isChunk(datagram)) intake.offer(datagram, sender);
    else {
      const message = this.#chunks.add(datagram, sender, performance.now());
      if (message === 'badChunk') counts.drop('badChunk', sender);
      else if (message !== undefined) intake.offer(message, sender);
    }
  }
}

/** No address is used twice: of two sockets at one port only one would hear. */
async function bind(port: number, host: string): Promise<Socket> {
  const type = host.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BYTES });
  socket.bind({ port, address: host, exclusive: true });
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

import type { Socket } from 'node:net';
import { type Foreign, foreignStream } from '../frame/foreign.ts';
import { Framer, type Room } from '../frame/framer.ts';

export interface ReaderOptions {
  readonly sender: string;
  readonly mostBytes: number;
  readonly room: Room;
  /** Takes frames. Resolves when they are handed on. */
  take(frames: readonly Buffer[]): Promise<void>;
  /** Resolves when it may be read on; undefined where it may at once. */
  mayRead(): Promise<void> | undefined;
  settled(): Promise<void>;
  dropped(reason: 'tooLarge' | 'full'): void;
  refused(kind: Foreign): void;
}

/** Reads one connection. No more of it is read than is handed on. */
export class StreamReader {
  readonly #socket: Socket;
  readonly #options: ReaderOptions;
  readonly #framer: Framer;
  #lastMs = 0;
  #running: Promise<void> | undefined;

  constructor(socket: Socket, options: ReaderOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#framer = new Framer(options);
  }

  /** Resolves when the connection is done with. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#run().catch(() => void this.#socket.destroy());
    return this.#running;
  }

  /** Reads what has arrived, and no more; then says goodbye. */
  async end(): Promise<void> {
    // A frame that is under way would be lost with the connection: its sender sends it again elsewhere.
    if (!this.#framer.isInFrame) this.#socket.end();
    await Promise.race([this.run(), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
    this.#socket.destroy();
  }

  /** Gives a connection up that began a frame and has said nothing since. */
  endIfSilentSince(beforeMs: number): void {
    if (this.#framer.isInFrame && this.#lastMs < beforeMs) this.#socket.destroy();
  }

  async #run(): Promise<void> {
    const { take, mayRead, settled, refused } = this.#options;
    const socket = this.#socket;
    let isFirst = true;
    try {
      // By default the iterator closes the socket at its end, which answers the sender's end too early.
      for await (const data of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        this.#lastMs = performance.now();
        const foreign = isFirst ? foreignStream(data) : undefined;
        isFirst = false;
        if (foreign !== undefined) {
          refused(foreign);
          socket.destroy();
          return;
        }
        await take(this.#framer.push(data));
        this.#lastMs = performance.now();
        const pause = mayRead();
        if (pause !== undefined) await pause;
      }
      const last = this.#framer.flush();
      if (last !== undefined) await take([last]);
      await settled();
      if (!socket.destroyed) socket.end();
    } finally {
      this.#framer.close();
    }
  }
}

/** How long a sender may take to hang up when it is asked to. */
const GOODBYE_MS = 500;

import { performance } from 'node:perf_hooks';
import type { BufferFiles, Port } from '../buffer/buffer-files.ts';

/** What is kept open for one port. */
export interface PortQueue {
  /** Messages that wait or are on their way. */
  readonly buffered: number;
  /** Resolves to the number of messages lost. */
  close(): Promise<number>;
}

export interface PortQueuesOptions<Q> {
  readonly files: BufferFiles;
  open(port: Port): Q;
  /** Hears of a queue that was closed since it had nothing to do. */
  onClosed(queue: Q): void;
}

/** A msg can name any port: each takes a connection, a dozen files and a loop. */
export const MAX_PORTS = 16;
const IDLE_MS = 300_000;
const LOOK_MS = 30_000;

/**
 * The queues of a server: one for its own port, and for a bounded number of others. One of those that has had nothing to do
 * for some minutes is closed, and its files go.
 */
export class PortQueues<Q extends PortQueue> {
  readonly #options: PortQueuesOptions<Q>;
  readonly #open = new Map<Port, Q>();
  readonly #usedMs = new Map<Port, number>();
  readonly #closing = new Map<Port, Promise<void>>();
  /** Ports of an earlier run that are beyond the bound: they are opened when others are closed. */
  #left: Port[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(options: PortQueuesOptions<Q>) {
    this.#options = options;
    this.#timer = setInterval(() => this.#closeIdle(), LOOK_MS).unref();
  }

  /** Takes up what an earlier run left on disk, as far as the bound allows. */
  takeUp(): void {
    this.#left = this.#options.files.ports.filter((port) => this.get(port) === undefined);
  }

  [Symbol.iterator](): IterableIterator<Q> {
    return this.#open.values();
  }

  /** The queue of a port, which is opened where it is not; undefined where there are too many. */
  get(port: Port): Q | undefined {
    if (port !== undefined) this.#usedMs.set(port, performance.now());
    const known = this.#open.get(port);
    if (known !== undefined) return known;
    if (port !== undefined && this.#others >= MAX_PORTS) {
      this.#usedMs.delete(port);
      return undefined;
    }
    const queue = this.#options.open(port);
    this.#open.set(port, queue);
    return queue;
  }

  /** Settles when a queue that is being closed is gone, and can be opened anew; undefined where none is. */
  whenGone(port: Port): Promise<void> | undefined {
    return this.#closing.get(port);
  }

  /** Closes all. Resolves to the number of messages lost. */
  async close(): Promise<number> {
    clearInterval(this.#timer);
    await Promise.all(this.#closing.values());
    const lost = await Promise.all([...this.#open.values()].map((queue) => queue.close()));
    return lost.reduce((sum, count) => sum + count, 0);
  }

  get #others(): number {
    return this.#open.size - (this.#open.has(undefined) ? 1 : 0) + this.#closing.size;
  }

  #closeIdle(): void {
    const beforeMs = performance.now() - IDLE_MS;
    for (const [port, queue] of this.#open) {
      const usedMs = this.#usedMs.get(port) ?? Number.POSITIVE_INFINITY;
      if (usedMs > beforeMs || queue.buffered > 0) continue;
      this.#open.delete(port);
      this.#usedMs.delete(port);
      this.#closing.set(port, this.#closeOne(port, queue));
    }
  }

  async #closeOne(port: Port, queue: Q): Promise<void> {
    const lost = await queue.close();
    if (lost === 0 && queue.buffered === 0) await this.#options.files.removePort(port);
    this.#closing.delete(port);
    this.#options.onClosed(queue);
    const next = this.#left.shift();
    if (next !== undefined && this.get(next) === undefined) this.#left.unshift(next);
  }
}

import type { Endpoint } from '../../nodes/graylog-server/endpoint.ts';
import type {
  Confirmation,
  Ending,
  Outgoing,
  SendResult,
  Transport,
} from '../../nodes/graylog-server/io/transports/transport.ts';

export interface MemoryTransportOptions {
  /** As HTTP is unless given. */
  confirms?: Confirmation;
  /** Settles `open()`; opens at once unless given. */
  open?(signal: AbortSignal): Promise<void>;
  /** What becomes of a batch; all of it is sent unless given. */
  send?(texts: readonly string[]): SendResult | Promise<SendResult>;
  /** What `close()` says of what was sent; that it was read unless given. */
  close?(signal?: AbortSignal): Ending | Promise<Ending>;
}

/** A connection whose other side is an array. */
export class MemoryTransport implements Transport {
  readonly confirms: Confirmation;
  /** The texts that were sent, batch by batch. */
  readonly batches: string[][] = [];
  /** The frames of the batches, as text. */
  readonly frames: string[] = [];
  isClosed = false;
  readonly #options: MemoryTransportOptions;
  readonly #lost = new AbortController();

  constructor(options: MemoryTransportOptions = {}) {
    this.#options = options;
    this.confirms = options.confirms ?? 'batch';
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get texts(): string[] {
    return this.batches.flat();
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#options.open?.(signal);
  }

  async send({ texts, frame }: Outgoing): Promise<SendResult> {
    const result = (await this.#options.send?.(texts)) ?? { sent: texts.length };
    this.batches.push(texts.slice(0, result.sent));
    this.frames.push(frame.toString());
    return result;
  }

  async close(signal?: AbortSignal): Promise<Ending> {
    this.isClosed = true;
    return (await this.#options.close?.(signal)) ?? { isRead: signal?.aborted !== true };
  }

  /** Loses the connection. */
  lose(error: unknown): void {
    this.#lost.abort(error);
  }
}

/** Endpoints of these names, for transports in memory. */
export function endpointsNamed(...hosts: string[]): Endpoint[] {
  return hosts.map((host) => ({ protocol: 'tcp', host, port: 1, path: '' }));
}

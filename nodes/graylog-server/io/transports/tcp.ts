import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { MonitoringError } from '../../../../lib/errors.ts';
import type { Endpoint } from '../../endpoint.ts';
import { connected } from './connect.ts';
import type { Outgoing, SendResult, Transport } from './transport.ts';

export interface TcpOptions {
  /** Present for TLS. */
  tls?: ConnectionOptions | undefined;
  connectTimeoutMs: number;
  /** A peer that takes nothing for so long is gone. */
  stallMs: number;
}

/** How long a peer that is asked to hang up may take to read what it was sent. */
const HANG_UP_MS = 2_000;
/** A TLS peer that hangs up within this time of the handshake may have refused what it was sent. */
const REFUSAL_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * GELF over TCP or TLS: every document ends in a NUL byte (Graylog's TcpTransport with `use_null_delimiter`). gelf-pro's
 * own adapter opens a connection for every message; this one keeps a single connection and writes batches.
 */
export class TcpTransport implements Transport {
  readonly unconfirmed = true;
  readonly #endpoint: Endpoint;
  readonly #options: TcpOptions;
  readonly #lost = new AbortController();
  #socket: Socket | undefined;
  #openedMs = 0;
  #closing: Promise<boolean> | undefined;

  constructor(endpoint: Endpoint, options: TcpOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async open(signal: AbortSignal): Promise<void> {
    const { tls, connectTimeoutMs } = this.#options;
    const { host, port } = this.#endpoint;
    const socket =
      tls === undefined ? connect({ host, port }) : connectTls({ ...serverName(host), ...tls, host, port });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    let fault: unknown;
    // Not `socket.errored`: over TLS a write that was cancelled may stand there instead of the alert that says why.
    socket.on('error', (error) => {
      fault = error;
    });
    socket.on('close', () => {
      if (this.#closing === undefined) this.#lost.abort(fault ?? new MonitoringError('CLOSED_BY_PEER'));
    });
    await connected(socket, tls === undefined ? 'connect' : 'secureConnect', { timeoutMs: connectTimeoutMs, signal });
    this.#openedMs = performance.now();
    // Graylog never sends anything: whatever arrives is thrown away, but the end must be noticed before the next write.
    socket.on('end', () => socket.destroy());
    socket.resume();
  }

  async send({ texts, frame }: Outgoing): Promise<SendResult> {
    const failure = await this.#write(frame);
    return failure === undefined ? { sent: texts.length } : { sent: 0, failure };
  }

  close(): Promise<boolean> {
    this.#closing ??= this.#hangUp();
    return this.#closing;
  }

  /** Resolves when the system has taken all of it, so that its memory can be used again; to the error where it did not. */
  #write(frame: Buffer): Promise<unknown> {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return Promise.resolve(faultOf(socket));
    return new Promise((resolve) => {
      const stall = setTimeout(() => socket.destroy(new MonitoringError('PEER_STALLED')), this.#options.stallMs);
      socket.write(frame, (error) => {
        clearTimeout(stall);
        resolve(error ? faultOf(socket) : undefined);
      });
    });
  }

  /**
   * Graylog's input says nothing but its own end, in answer to ours, once it has read everything before it. A peer that
   * refuses what it was sent (a client's certificate, over TLS 1.3) may end alike, but does so at once.
   */
  #hangUp(): Promise<boolean> {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const isAccepted = this.#options.tls === undefined || performance.now() - this.#openedMs > REFUSAL_MS;
      let isAnswered = false;
      const timeout = setTimeout(() => socket.destroy(), HANG_UP_MS);
      socket.prependOnceListener('end', () => {
        isAnswered = true;
      });
      socket.once('close', (hadError) => {
        clearTimeout(timeout);
        resolve(isAccepted && isAnswered && !hadError);
      });
      socket.end();
    });
  }
}

function faultOf(socket: Socket | undefined): unknown {
  return socket?.errored ?? new MonitoringError('CLOSED_BY_PEER');
}

/** `SNI` must be a name: an address there is a protocol error. */
function serverName(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

import { connect, type LookupFunction, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { MonitoringError } from '../../../../lib/errors.ts';
import { wait } from '../../../../lib/io/wait.ts';
import type { Endpoint } from '../../endpoint.ts';
import { faultOfAnswer, faultOfHandshake } from '../../peer-fault.ts';
import type { AcknowledgementWatch } from './acknowledgement-watch.ts';
import { type ConnectLimits, connected } from './connect.ts';
import type { Ending, Outgoing, SendResult, Transport } from './transport.ts';

export interface TcpOptions {
  /** Present for TLS. */
  tls?: ConnectionOptions | undefined;
  connectTimeoutMs: number;
  /** A peer that takes nothing for so long is gone. */
  stallMs: number;
  /** How long a peer that is asked to hang up may take to read what it was sent. */
  finMs: number;
  lookup?: LookupFunction | undefined;
  /** Notices a peer that is gone without a word. */
  watch?: AcknowledgementWatch | undefined;
}

/** A TLS peer that hangs up within this time of the handshake may have refused what it was sent. */
const REFUSAL_MS = 300;
const KEEP_ALIVE_MS = 10_000;

/**
 * GELF over TCP or TLS: every document ends in a NUL byte (Graylog's TcpTransport with `use_null_delimiter`). gelf-pro's
 * own adapter opens a connection for every message; this one keeps a single connection and writes batches.
 */
export class TcpTransport implements Transport {
  readonly confirms = 'end';
  readonly #endpoint: Endpoint;
  readonly #options: TcpOptions;
  readonly #lost = new AbortController();
  /** Aborts when the socket is closed, for whatever reason. */
  readonly #closed = new AbortController();
  /** What is written to; over TLS, the one below it counts the bytes of the wire. */
  #socket: Socket | undefined;
  #raw: Socket | undefined;
  #trustedMs = 0;
  /** Whether the peer has answered our end with one of TLS (`close_notify`). */
  #isTakenLeave = false;
  #fault: unknown;
  #closing: Promise<Ending> | undefined;

  constructor(endpoint: Endpoint, options: TcpOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async open(signal: AbortSignal): Promise<void> {
    const { tls, connectTimeoutMs, lookup } = this.#options;
    const { host, port } = this.#endpoint;
    const target = { host, port, ...(lookup === undefined ? {} : { lookup }) };
    const raw = connect(target);
    const socket = tls === undefined ? raw : connectTls({ ...serverName(host), ...tls, host, socket: raw });
    const startedMs = performance.now();
    this.#raw = raw;
    this.#socket = socket;
    raw.setNoDelay(true);
    raw.setKeepAlive(true, KEEP_ALIVE_MS);
    if (raw !== socket) raw.on('error', (error) => socket.destroy(error));
    // Not `socket.errored`: over TLS a write that was cancelled may stand there instead of the alert that says why.
    socket.on('error', (error) => {
      this.#fault ??= error;
    });
    socket.on('close', () => {
      this.#fault ??= new MonitoringError('CLOSED_BY_PEER');
      raw.destroy();
      this.#options.watch?.forget(raw);
      this.#closed.abort();
      if (this.#closing === undefined) this.#lost.abort(this.#fault);
    });
    await this.#connected(socket, raw, { timeoutMs: connectTimeoutMs, signal });
    const nowMs = performance.now();
    if (tls !== undefined) this.#trustedMs = nowMs + Math.max(REFUSAL_MS, nowMs - startedMs);
    // Graylog never sends anything: what arrives tells that another server is there, or nothing. The end must be noticed
    // before the next write.
    socket.on('end', () => socket.destroy());
    socket.on('data', (answer) => this.#hear(answer));
  }

  async #connected(socket: Socket, raw: Socket, limits: ConnectLimits): Promise<void> {
    if (socket === raw) return connected(raw, 'connect', limits);
    let isOpen = false;
    raw.once('connect', () => {
      isOpen = true;
    });
    try {
      await connected(socket, 'secureConnect', limits);
    } catch (error) {
      throw isOpen ? faultOfHandshake(error) : error;
    }
  }

  #hear(answer: Buffer): void {
    const fault = faultOfAnswer(answer);
    if (fault === undefined) return;
    this.#fault ??= fault;
    this.#socket?.destroy();
  }

  async send(outgoing: Outgoing): Promise<SendResult> {
    const failure = await this.#write(outgoing.frame);
    return failure === undefined ? { sent: outgoing.count ?? outgoing.texts.length } : { sent: 0, failure };
  }

  async close(signal?: AbortSignal): Promise<Ending> {
    const abort = (): void => {
      this.#fault ??= new MonitoringError('CLOSED');
      this.#socket?.destroy();
    };
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
    this.#closing ??= this.#hangUp();
    const ending = await this.#closing;
    signal?.removeEventListener('abort', abort);
    return ending;
  }

  /** Resolves when the system has taken all of it, so that its memory can be used again; to the error where it did not. */
  #write(frame: Buffer): Promise<unknown> {
    const socket = this.#socket;
    const raw = this.#raw;
    if (socket === undefined || raw === undefined || socket.destroyed) {
      return Promise.resolve(this.#fault ?? new MonitoringError('CLOSED_BY_PEER'));
    }
    this.#options.watch?.watch(raw, () => this.#end('PEER_SILENT'));
    return new Promise((resolve) => {
      const stall = setTimeout(() => this.#end('PEER_STALLED'), this.#options.stallMs);
      socket.write(frame, (error) => {
        clearTimeout(stall);
        resolve(error ? (this.#fault ?? error) : undefined);
      });
    });
  }

  #end(code: 'PEER_SILENT' | 'PEER_STALLED' | 'PEER_READS_NOT'): void {
    this.#fault ??= new MonitoringError(code);
    this.#socket?.destroy();
  }

  /**
   * Graylog's input says nothing but its own end, in answer to ours, once it has read everything before it. A peer that
   * refuses what it was sent (a client's certificate, over TLS 1.3) ends alike, but does so at once: ours waits for that.
   */
  async #hangUp(): Promise<Ending> {
    const socket = this.#socket;
    const raw = this.#raw;
    if (socket === undefined || raw === undefined || socket.destroyed || socket.connecting) {
      socket?.destroy();
      return { isRead: false, fault: this.#fault };
    }
    const untilTrustedMs = this.#trustedMs - performance.now();
    if (untilTrustedMs > 0) await wait(untilTrustedMs, this.#closed.signal);
    if (socket.destroyed) return { isRead: false, fault: this.#fault };
    const { localPort, remotePort, localFamily } = raw;
    if (!(await this.#isAnswered(socket, raw))) return { isRead: false, fault: this.#fault };
    const { watch } = this.#options;
    if (watch === undefined) return { isRead: true };
    const place = { localPort, remotePort, localFamily };
    const isRead = await watch.isAnswer(place, { isTakenLeave: this.#isTakenLeave });
    return { isRead, fault: this.#fault };
  }

  /** Ends our side. Resolves when the connection is closed, to whether the peer's end has come before. */
  #isAnswered(socket: Socket, raw: Socket): Promise<boolean> {
    return new Promise((resolve) => {
      const bytesBefore = raw.bytesRead;
      let hasTicket = false;
      // TLS 1.3 sends tickets after the handshake. A system sends them for a program that is dead, too.
      socket.once('session', () => {
        hasTicket = true;
      });
      let isAsked = false;
      let isAnswered = false;
      const timeout = setTimeout(() => this.#end('PEER_READS_NOT'), this.#options.finMs);
      socket.prependOnceListener('end', () => {
        isAnswered = isAsked;
        this.#isTakenLeave = raw !== socket && raw.bytesRead > bytesBefore && !hasTicket;
      });
      socket.once('close', (hadError) => {
        clearTimeout(timeout);
        resolve(isAnswered && !hadError);
      });
      socket.end(() => {
        isAsked = true;
      });
    });
  }
}

/** `SNI` must be a name: an address there is a protocol error. */
function serverName(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

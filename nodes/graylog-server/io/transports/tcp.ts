import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Endpoint } from '../../endpoint.ts';
import type { Transport } from './transport.ts';

export interface TcpOptions {
  /** Present for TLS. */
  tls?: ConnectionOptions | undefined;
  connectTimeoutMs: number;
  /** A peer that takes nothing for so long is gone. */
  stallMs: number;
}

/** So long, in ms, a peer that is asked to hang up has to read what it was sent. */
const ANSWER_MS = 2_000;
/** A TLS peer that hangs up so soon, in ms, may have refused what it was sent. */
const REFUSAL_MS = 1_000;

/** `SNI` must be a name: an address there is a protocol error. */
function serverName(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

/**
 * GELF over TCP or TLS: every document ends in a NUL byte (Graylog's TcpTransport with `use_null_delimiter`). gelf-pro's
 * own adapter opens a connection for every message; this one keeps a single connection and writes batches.
 */
export function createTcpTransport(endpoint: Endpoint, options: TcpOptions): Transport {
  const { host, port } = endpoint;
  let socket: Socket;
  let closing = false;
  let closed: Promise<boolean> | undefined;
  let openedMs = 0;
  let announceLost: (error: Error) => void;
  const lost = new Promise<Error>((resolve) => {
    announceLost = resolve;
  });

  const watch = (): void => {
    let fault: Error | undefined;
    socket.on('error', (error) => {
      fault = error;
    });
    // Graylog never sends anything: whatever arrives is thrown away, but the end must be noticed before the next write.
    socket.resume();
    socket.on('end', () => {
      fault ??= Object.assign(new Error('closed by the server'), { code: 'EPIPE' });
      socket.destroy();
    });
    socket.on('close', () => {
      if (!closing) announceLost(fault ?? new Error('closed by the server'));
    });
  };

  /** Resolves when the system has taken all of it, so that its memory can be used again. */
  const write = (frame: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const stall = setTimeout(() => socket.destroy(new Error('takes nothing')), options.stallMs);
      socket.write(frame, (error) => {
        clearTimeout(stall);
        if (error) reject(socket.errored ?? new Error('closed by the server'));
        else resolve();
      });
    });

  /**
   * Graylog's input says nothing but its own end, in answer to ours, once it has read everything before it. A peer that
   * refuses what it was sent (a client's certificate, over TLS 1.3) may end alike, but does so at once.
   */
  const hangUp = (): Promise<boolean> =>
    new Promise((resolve) => {
      closing = true;
      if (socket === undefined || socket.destroyed) {
        resolve(false);
        return;
      }
      const isAccepted = options.tls === undefined || performance.now() - openedMs > REFUSAL_MS;
      let isAnswered = false;
      const timeout = setTimeout(() => socket.destroy(), ANSWER_MS);
      socket.prependOnceListener('end', () => {
        isAnswered = true;
      });
      socket.once('close', (hadError) => {
        clearTimeout(timeout);
        resolve(isAccepted && isAnswered && !hadError);
      });
      socket.end();
    });

  return {
    unconfirmed: true,
    lost,
    open: () =>
      new Promise((resolve, reject) => {
        const ready = options.tls === undefined ? 'connect' : 'secureConnect';
        socket =
          options.tls === undefined
            ? connect({ host, port })
            : connectTls({ ...serverName(host), ...options.tls, host, port });
        socket.setNoDelay(true);
        socket.setKeepAlive(true, 10_000);
        const timeout = setTimeout(
          () => socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
          options.connectTimeoutMs,
        );
        const failed = (error: Error): void => {
          clearTimeout(timeout);
          reject(error);
        };
        const closedEarly = (): void => failed(new Error('closed by the server'));
        socket.once('error', failed).once('close', closedEarly);
        socket.once(ready, () => {
          clearTimeout(timeout);
          openedMs = performance.now();
          socket.off('error', failed).off('close', closedEarly);
          watch();
          resolve();
        });
      }),
    async send({ frame }) {
      if (socket.destroyed) throw socket.errored ?? new Error('closed by the server');
      await write(frame);
    },
    close() {
      closed ??= hangUp();
      return closed;
    },
  };
}

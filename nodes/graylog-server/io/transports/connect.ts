import type { Socket } from 'node:net';
import { MonitoringError } from '../../../../lib/errors.ts';

export interface ConnectLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Resolves when a socket that is connecting emits `event`. Rejects with the socket's error, `CLOSED_BY_PEER`, `NO_ANSWER`
 * after the time-out, or `CLOSED` when the signal aborts; the socket is destroyed then.
 */
export function connected(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  { timeoutMs, signal }: ConnectLimits,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      socket.off(event, ready).off('error', failed).off('close', closed);
    };
    const ready = (): void => {
      stop();
      resolve();
    };
    const failed = (error: unknown): void => {
      stop();
      socket.destroy();
      reject(error);
    };
    const closed = (): void => failed(new MonitoringError('CLOSED_BY_PEER'));
    const aborted = (): void => failed(new MonitoringError('CLOSED'));
    const timer = setTimeout(() => failed(new MonitoringError('NO_ANSWER')), timeoutMs);
    // For errors that come once nobody listens for them here any more.
    socket.on('error', () => undefined);
    socket.once(event, ready).once('error', failed).once('close', closed);
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
  });
}

/** Settles as `job` does, or rejects with `CLOSED` when the signal aborts first. */
export async function unlessAborted<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  let aborted = (): void => undefined;
  const abortion = new Promise<never>((_, reject) => {
    aborted = () => reject(new MonitoringError('CLOSED'));
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
  });
  try {
    return await Promise.race([job, abortion]);
  } finally {
    signal.removeEventListener('abort', aborted);
  }
}

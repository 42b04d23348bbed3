import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';
import { faultOfRequest } from '../../peer-fault.ts';

export interface PostLimits {
  /** The time for all of it: the connection, the request, and the head of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What of a body is read so that its connection can be used again, and for how long. */
const BODY_BYTES = 4_096;
const BODY_MS = 100;
/** Answers before the answer (100 Continue) that are let pass. */
const MAX_INFORMATIONS = 8;

/**
 * Posts a body and resolves to the status of the answer, which counts as soon as its head is there. Rejects with the
 * system's error, `NO_ANSWER`, `CLOSED` when the signal aborts, or `STALE_CONNECTION` where a kept connection was reset.
 */
export function postOnce(
  { isSecure, ...target }: RequestOptions & { isSecure: boolean },
  body: Buffer | string,
  { timeoutMs, signal }: PostLimits,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let informations = 0;
    const request = isSecure ? requestHttps(target) : requestHttp(target);
    const late = (): void => void request.destroy(new MonitoringError('NO_ANSWER'));
    const abort = (): void => void request.destroy(new MonitoringError('CLOSED'));
    const deadline = setTimeout(late, timeoutMs);
    const end = (): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    request.on('information', () => {
      informations += 1;
      if (informations > MAX_INFORMATIONS) late();
    });
    request.on('response', (response) => {
      end();
      dropBody(response);
      resolve(response.statusCode ?? 0);
    });
    request.on('error', (error) => {
      end();
      const isStale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(errorCode(error) ?? '');
      reject(isStale ? new MonitoringError('STALE_CONNECTION', {}, { cause: error }) : faultOfRequest(error));
    });
    request.end(body);
  });
}

/** Nobody wants the body. A short one is read to its end; with a longer or a slower one the connection is given up. */
function dropBody(response: IncomingMessage): void {
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(), BODY_MS);
  response.on('data', (data: Buffer) => {
    bytes += data.length;
    if (bytes > BODY_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
  response.on('close', () => clearTimeout(timer));
}

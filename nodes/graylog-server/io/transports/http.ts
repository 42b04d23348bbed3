import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { reason } from '../../../../lib/errors.ts';
import type { Endpoint } from '../../endpoint.ts';
import { DeliveryError, type Transport } from './transport.ts';

export interface HttpOptions {
  tls?: ConnectionOptions | undefined;
  connectTimeoutMs: number;
  /** The time in which an answer must arrive. */
  answerTimeoutMs: number;
  /** The value of the `Authorization` header, or undefined. */
  authorization?: string | undefined;
  /** Several documents in one body. Graylog must have bulk receiving on, else it takes the first and drops the rest. */
  bulk: boolean;
  /** The largest body in bytes, before compression: Graylog counts what it unpacked. */
  bodyBytes: number;
  gzip: boolean;
}

const compress = promisify(gzip);

/** Documents grouped into bodies: one each, or as many as fit. */
function bodies(messages: readonly string[], { bulk, bodyBytes }: HttpOptions): string[][] {
  const groups: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const size = Buffer.byteLength(message) + 1;
    if (!bulk || bytes + size > bodyBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(message);
    bytes += size;
  }
  return groups;
}

/**
 * GELF over HTTP(S): compact documents with exactly one newline after each, POSTed in order over one kept connection;
 * only a 202 counts (Graylog's HttpHandler). It answers before it reads the body, so 202 is delivery, not acceptance.
 */
export function createHttpTransport(endpoint: Endpoint, options: HttpOptions): Transport {
  const secure = endpoint.protocol === 'https';
  // Graylog closes a connection that was idle for 60 s: give it up before.
  const agentOptions = { keepAlive: true, maxSockets: 1, timeout: 55_000 };
  const agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const headers: Record<string, string> = {
    'content-type': options.bulk ? 'application/x-ndjson' : 'application/json',
  };
  if (options.authorization !== undefined) headers.authorization = options.authorization;
  if (options.gzip) headers['content-encoding'] = 'gzip';
  let announceLost: (error: Error) => void;
  const lost = new Promise<Error>((resolve) => {
    announceLost = resolve;
  });

  const post = (body: Buffer | string, isRetry: boolean): Promise<number> =>
    new Promise((resolve, reject) => {
      const target: RequestOptions = {
        host: endpoint.host,
        port: endpoint.port,
        path: endpoint.path,
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent,
        timeout: options.answerTimeoutMs,
        ...(secure ? options.tls : {}),
      };
      const answered = (response: IncomingMessage): void => {
        response.on('error', reject);
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      };
      const request = secure ? requestHttps(target, answered) : requestHttp(target, answered);
      request.on('timeout', () =>
        request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      );
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A kept connection may have been closed in the very moment it was used again: that says nothing of the server.
        if (request.reusedSocket && !isRetry && error.code === 'ECONNRESET') post(body, true).then(resolve, reject);
        else reject(error);
      });
      request.end(body);
    });

  const deliver = async (group: readonly string[], delivered: number): Promise<number> => {
    const text = `${group.join('\n')}\n`;
    const status = await post(options.gzip ? await compress(text) : text, false);
    if (status === 202) return delivered + group.length;
    if (status !== 413) throw new DeliveryError(`HTTP ${status}`, delivered);
    if (group.length === 1) throw new DeliveryError('HTTP 413', delivered, true);
    const half = Math.ceil(group.length / 2);
    return deliver(group.slice(half), await deliver(group.slice(0, half), delivered));
  };

  return {
    unconfirmed: false,
    lost,
    open: () =>
      // Without a record to send there is no request to make, but whether the server is there must be known before.
      new Promise((resolve, reject) => {
        const probe = connect({ host: endpoint.host, port: endpoint.port });
        probe.setTimeout(options.connectTimeoutMs, () =>
          probe.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
        );
        probe.once('error', reject);
        probe.once('connect', () => {
          probe.off('error', reject).on('error', () => undefined);
          probe.destroy();
          resolve();
        });
      }),
    async send({ texts }) {
      let delivered = 0;
      try {
        for (const group of bodies(texts, options)) delivered = await deliver(group, delivered);
      } catch (error) {
        const fault = error instanceof DeliveryError ? error : new DeliveryError(reason(error), delivered);
        if (!fault.rejected) announceLost(fault);
        throw fault;
      }
    },
    async close() {
      agent.destroy();
      return true;
    },
  };
}

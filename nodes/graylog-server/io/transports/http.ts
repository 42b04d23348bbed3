import { Agent as HttpAgent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';
import { groupIntoBodies } from '../../body.ts';
import type { Endpoint } from '../../endpoint.ts';
import { connected } from './connect.ts';
import type { Outgoing, SendResult, Transport } from './transport.ts';

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

const ACCEPTED = 202;
const TOO_LARGE = 413;
/** Graylog closes a connection that was idle for 60 s: ours is given up before. */
const IDLE_MS = 55_000;

const compress = promisify(gzip);

/**
 * GELF over HTTP(S): compact documents with exactly one newline after each, POSTed in order over one kept connection;
 * only a 202 counts (Graylog's HttpHandler). It answers before it reads the body, so 202 is delivery, not acceptance.
 */
export class HttpTransport implements Transport {
  readonly unconfirmed = false;
  readonly #endpoint: Endpoint;
  readonly #options: HttpOptions;
  readonly #isSecure: boolean;
  readonly #agent: HttpAgent;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #lost = new AbortController();
  #isClosed = false;

  constructor(endpoint: Endpoint, options: HttpOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#isSecure = endpoint.protocol === 'https';
    const agentOptions = { keepAlive: true, maxSockets: 1, timeout: IDLE_MS };
    this.#agent = this.#isSecure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
    this.#headers = {
      'content-type': options.bulk ? 'application/x-ndjson' : 'application/json',
      ...(options.authorization === undefined ? {} : { authorization: options.authorization }),
      ...(options.gzip ? { 'content-encoding': 'gzip' } : {}),
    };
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Without a record to send there is no request to make, but whether the server is there must be known before. */
  async open(signal: AbortSignal): Promise<void> {
    const { host, port } = this.#endpoint;
    const probe = connect({ host, port });
    await connected(probe, 'connect', { timeoutMs: this.#options.connectTimeoutMs, signal });
    probe.destroy();
  }

  async send({ texts }: Outgoing): Promise<SendResult> {
    let sent = 0;
    for (const group of groupIntoBodies(texts, this.#options)) {
      const result = await this.#deliver(group);
      sent += result.sent;
      if (result.failure !== undefined) this.#lost.abort(result.failure);
      if (result.sent < group.length) return { ...result, sent };
    }
    return { sent };
  }

  async close(): Promise<boolean> {
    this.#isClosed = true;
    this.#agent.destroy();
    return true;
  }

  /** Sends documents in one body, or in halves where the server says that they are too large. */
  async #deliver(group: readonly string[]): Promise<SendResult> {
    let status: number;
    try {
      status = await this.#postDocuments(group);
    } catch (failure) {
      return { sent: 0, failure };
    }
    if (status === ACCEPTED) return { sent: group.length };
    const error = new MonitoringError('HTTP_STATUS', { status });
    if (status !== TOO_LARGE) return { sent: 0, failure: error };
    if (group.length === 1) return { sent: 0, refusal: error };
    const half = Math.ceil(group.length / 2);
    const first = await this.#deliver(group.slice(0, half));
    if (first.sent < half) return first;
    const second = await this.#deliver(group.slice(half));
    return { ...second, sent: half + second.sent };
  }

  async #postDocuments(group: readonly string[]): Promise<number> {
    const text = `${group.join('\n')}\n`;
    return this.#post(this.#options.gzip ? await compress(text) : text, false);
  }

  /** The status of the answer. Rejects with the system's error, or `NO_ANSWER`. */
  #post(body: Buffer | string, isRetry: boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      const answered = (response: IncomingMessage): void => {
        response.on('error', reject);
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      };
      const target = this.#target(Buffer.byteLength(body));
      const request = this.#isSecure ? requestHttps(target, answered) : requestHttp(target, answered);
      request.on('timeout', () => request.destroy(new MonitoringError('NO_ANSWER')));
      request.on('error', (error) => {
        // A kept connection may have been closed in the very moment it was used again: that says nothing of the server.
        const isStale = request.reusedSocket && errorCode(error) === 'ECONNRESET';
        if (isStale && !isRetry && !this.#isClosed) this.#post(body, true).then(resolve, reject);
        else reject(error);
      });
      request.end(body);
    });
  }

  #target(bodyBytes: number): RequestOptions {
    const { host, port, path } = this.#endpoint;
    return {
      host,
      port,
      path,
      method: 'POST',
      headers: { ...this.#headers, 'content-length': bodyBytes },
      agent: this.#agent,
      timeout: this.#options.answerTimeoutMs,
      ...(this.#isSecure ? this.#options.tls : {}),
    };
  }
}

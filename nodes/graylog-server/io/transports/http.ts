import { Agent as HttpAgent, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, type LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';
import { groupIntoBodies } from '../../body.ts';
import type { Endpoint } from '../../endpoint.ts';
import { RefusalJudge } from '../../refusal-judge.ts';
import { connected } from './connect.ts';
import { postOnce } from './http-post.ts';
import type { Ending, Outgoing, SendResult, Transport } from './transport.ts';

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
  lookup?: LookupFunction | undefined;
}

const ACCEPTED = 202;
/** What a server, or a proxy before it, may answer because of the documents alone. All else is a fault of the server. */
const DOCUMENT_STATUSES = new Set([400, 403, 413, 422]);
/** Graylog closes a connection that was idle for 60 s: ours is given up before. */
const IDLE_MS = 55_000;

const compress = promisify(gzip);

/**
 * GELF over HTTP(S): compact documents with exactly one newline after each, POSTed in order over one kept connection;
 * only a 202 counts (Graylog's HttpHandler). It answers before it reads the body, so 202 is delivery, not acceptance.
 */
export class HttpTransport implements Transport {
  readonly confirms = 'batch';
  readonly #endpoint: Endpoint;
  readonly #options: HttpOptions;
  readonly #isSecure: boolean;
  readonly #agent: HttpAgent;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();

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
    const { lookup, connectTimeoutMs } = this.#options;
    const probe = connect({ host, port, ...(lookup === undefined ? {} : { lookup }) });
    await connected(probe, 'connect', { timeoutMs: connectTimeoutMs, signal });
    probe.destroy();
  }

  async send({ texts }: Outgoing): Promise<SendResult> {
    const judge = new RefusalJudge(texts, (group) => this.#postDocuments(group));
    let start = 0;
    let failure: unknown;
    for (const group of groupIntoBodies(texts, this.#options)) {
      failure = await this.#deliver(judge, start, start + group.length);
      if (failure !== undefined) break;
      start += group.length;
    }
    failure ??= await judge.convict();
    const { sent, refused } = judge;
    if (failure === undefined) return { sent, refused };
    this.#lost.abort(failure);
    return { sent, refused, failure };
  }

  /** Every request was answered: there is nothing to hand over. */
  async close(): Promise<Ending> {
    this.#closed.abort();
    this.#agent.destroy();
    return { isRead: true };
  }

  /** Sends some of the documents in one body, or in halves where the server does not take them. Resolves to the failure. */
  async #deliver(judge: RefusalJudge, from: number, to: number): Promise<unknown> {
    let status: number;
    try {
      status = await judge.post(from, to);
    } catch (error) {
      return error;
    }
    if (status === ACCEPTED) return judge.accept(from, to);
    if (!DOCUMENT_STATUSES.has(status)) return new MonitoringError('HTTP_STATUS', { status });
    if (to - from === 1) return judge.suspect(from, status);
    const half = from + Math.ceil((to - from) / 2);
    return (await this.#deliver(judge, from, half)) ?? this.#deliver(judge, half, to);
  }

  /** The status of the answer. Rejects with the system's error, or `NO_ANSWER`. */
  async #postDocuments(group: readonly string[]): Promise<number> {
    const text = `${group.join('\n')}\n`;
    const body = this.#options.gzip ? await compress(text) : text;
    const limits = { timeoutMs: this.#options.answerTimeoutMs, signal: this.#closed.signal };
    const target = this.#target(Buffer.byteLength(body));
    try {
      return await postOnce(target, body, limits);
    } catch (error) {
      // A kept connection may have been closed in the very moment it was used again: that says nothing of the server.
      if (this.#closed.signal.aborted || errorCode(error) !== 'STALE_CONNECTION') throw error;
      return await postOnce(target, body, limits);
    }
  }

  #target(bodyBytes: number): RequestOptions & { isSecure: boolean } {
    const { host, port, path } = this.#endpoint;
    const { lookup } = this.#options;
    return {
      host,
      port,
      path,
      method: 'POST',
      headers: { ...this.#headers, 'content-length': bodyBytes },
      agent: this.#agent,
      isSecure: this.#isSecure,
      ...(lookup === undefined ? {} : { lookup }),
      ...(this.#isSecure ? this.#options.tls : {}),
    };
  }
}

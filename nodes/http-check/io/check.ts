import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { errorCode, reason } from '../../../lib/errors.ts';
import { type Exchange, failureType, type ResultType } from '../answer/exchange.ts';
import { createPhaseTimer, type PhaseTimer } from '../answer/phase-timer.ts';
import { type Hop, nextHop } from '../request/redirect.ts';
import { withoutSecrets } from '../request/url.ts';
import { ENCODINGS, readBody } from './body.ts';
import { type Connection, openConnection, orAbort, proxyAuthorization } from './connect.ts';
import type { Family, Resolver } from './lookup.ts';

export interface CheckRequest extends Hop {
  /** For the whole check, redirects and body among it. */
  timeoutMs: number;
  maxRedirects: number;
  /** Bytes of the body to read. */
  bodyLimit: number;
  family: Family;
  tls: ConnectionOptions;
  proxyFor(url: URL): URL | undefined;
}

class CheckFailure extends Error {
  readonly type: ResultType;

  constructor(type: ResultType, message: string) {
    super(message);
    this.type = type;
  }
}

const DOING = {
  dns: 'resolving the name',
  connect: 'connecting',
  tls: 'the TLS handshake',
  first_byte: 'waiting for the first byte',
  body: 'reading the body',
} as const;

/** OpenSSL's errors have their words in `reason`, within a message of source files and line numbers. */
function inWords(error: unknown): string {
  const words = (error as { reason?: unknown } | null)?.reason;
  return (typeof words === 'string' ? words : reason(error)).trim();
}

async function send(hop: Hop, connection: Connection, proxy: URL | undefined): Promise<IncomingMessage> {
  const { url, method, body } = hop;
  const plainProxy = url.protocol === 'http:' && proxy !== undefined;
  const request = httpRequest({
    method,
    path: plainProxy ? withoutSecrets(url).replace(/#.*$/, '') : `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      'user-agent': 'infra-monitoring http-check',
      accept: '*/*',
      'accept-encoding': ENCODINGS,
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...hop.headers,
      ...(plainProxy ? proxyAuthorization(proxy) : {}),
    },
    createConnection: () => connection.socket,
  });
  // What comes after the response is told by reading it.
  request.on('error', () => undefined);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** One hop of the check. Returns the next one, or undefined when this was the last. */
async function runHop(
  hop: Hop,
  request: CheckRequest,
  resolver: Resolver,
  exchange: Exchange,
  trace: PhaseTimer,
  signal: AbortSignal,
): Promise<Hop | undefined> {
  const proxy = request.proxyFor(hop.url);
  const { ca, rejectUnauthorized } = request.tls;
  // A client certificate and a server name are for the server they were configured for.
  const tls = hop.url.host === request.url.host ? request.tls : { ca, rejectUnauthorized };
  const route = { proxy, family: request.family, tls, resolver };
  const connection = await openConnection(hop.url, route, trace, signal, Date.now());
  try {
    if (connection.tlsDaysLeft !== undefined) exchange.tlsDaysLeft = connection.tlsDaysLeft;
    if (connection.distrust !== undefined) throw new CheckFailure('tls_error', connection.distrust);
    trace.enter('first_byte');
    const response = await orAbort(send(hop, connection, proxy), signal);
    trace.enter('body');
    exchange.responseCode = response.statusCode ?? 0;
    const contentType = response.headers['content-type'];
    if (contentType !== undefined) exchange.contentType = contentType;
    if (request.maxRedirects > 0) {
      const next = nextHop(hop, exchange.responseCode, response.headers.location);
      if (next !== undefined) return next;
    }
    Object.assign(exchange, await orAbort(readBody(response, request.bodyLimit), signal));
    return undefined;
  } finally {
    connection.socket.destroy();
  }
}

/**
 * Runs one check on connections of its own. Never rejects: what goes wrong is in `failure`. `signal` calls it off, with a
 * failure that nobody should look at any more.
 */
export async function runCheck(request: CheckRequest, resolver: Resolver, signal: AbortSignal): Promise<Exchange> {
  const trace = createPhaseTimer(() => performance.now());
  const exchange: Exchange = {
    url: withoutSecrets(request.url),
    method: request.method,
    totalMs: 0,
    phases: trace.ms,
    redirects: 0,
  };
  const abort = new AbortController();
  const callOff = (): void => abort.abort(signal.reason);
  signal.addEventListener('abort', callOff, { once: true });
  const timer = setTimeout(() => {
    const doing = trace.phase === undefined ? 'starting' : DOING[trace.phase];
    abort.abort(new CheckFailure('timeout', `no end after ${request.timeoutMs / 1000} s, while ${doing}`));
  }, request.timeoutMs);
  try {
    let hop: Hop | undefined = request;
    for (;;) {
      hop = await runHop(hop, request, resolver, exchange, trace, abort.signal);
      if (hop === undefined) break;
      exchange.redirects += 1;
      if (exchange.redirects > request.maxRedirects)
        throw new CheckFailure('redirect_limit', `more than ${request.maxRedirects} redirects`);
      // What the redirect said is not the answer of where it leads.
      delete exchange.responseCode;
      delete exchange.contentType;
    }
  } catch (thrown) {
    // The time-out destroys the socket, which may be told as an error of its own: the time-out is what happened.
    const error = abort.signal.aborted ? abort.signal.reason : thrown;
    const type = error instanceof CheckFailure ? error.type : failureType(trace.phase, errorCode(error));
    exchange.failure = { type, phase: trace.phase, reason: inWords(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', callOff);
    exchange.totalMs = trace.end();
  }
  return exchange;
}

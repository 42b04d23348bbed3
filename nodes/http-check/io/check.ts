import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { orAbort } from '../../../lib/io/abort.ts';
import type { Family, Resolver } from '../../../lib/io/resolver.ts';
import { type Exchange, failureType } from '../answer/exchange.ts';
import { PhaseTimer } from '../answer/phase-timer.ts';
import { type Hop, nextHop } from '../request/redirect.ts';
import { shownUrl, withoutUser } from '../request/url.ts';
import { ENCODINGS, readBody } from './body.ts';
import { type Connection, openConnection, proxyAuthorization } from './connect.ts';
import { RedirectGuard } from './redirect-guard.ts';

export interface CheckRequest extends Hop {
  /** For the whole check, redirects and body among it. */
  timeoutMs: number;
  maxRedirects: number;
  /** Bytes of the body to read. */
  bodyLimit: number;
  family: Family;
  /** Whether a redirect from outside may lead to an address inside. */
  insideRedirects: boolean;
  /** For the origin that is asked first. */
  tls: ConnectionOptions;
  proxyFor(url: URL): URL | undefined;
}

/** The time-out in each phase: what was going on is part of its words. */
const TIMEOUTS = {
  dns: 'TIMEOUT_IN_DNS',
  connect: 'TIMEOUT_IN_CONNECT',
  tls: 'TIMEOUT_IN_TLS',
  first_byte: 'TIMEOUT_IN_FIRST_BYTE',
  body: 'TIMEOUT_IN_BODY',
} as const;

async function send(hop: Hop, connection: Connection, proxy: URL | undefined): Promise<IncomingMessage> {
  const { url, method, body } = hop;
  const plainProxy = url.protocol === 'http:' && proxy !== undefined;
  const request = httpRequest({
    method,
    path: plainProxy ? withoutUser(url).replace(/#.*$/, '') : `${url.pathname}${url.search}`,
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

/** One check, from its first connection to the end of the last answer. */
class Check {
  readonly #request: CheckRequest;
  readonly #resolver: Resolver;
  readonly #timer = new PhaseTimer(() => performance.now());
  readonly #exchange: Exchange;
  readonly #guard: RedirectGuard;
  /** Aborts at the time-out, or when the check is called off. */
  readonly #ending = new AbortController();

  constructor(request: CheckRequest, resolver: Resolver) {
    this.#request = request;
    this.#resolver = resolver;
    this.#guard = new RedirectGuard(request.url, resolver);
    this.#exchange = {
      url: shownUrl(request.url),
      method: request.method,
      totalMs: 0,
      phases: this.#timer.ms,
      redirects: 0,
    };
  }

  async run(signal: AbortSignal): Promise<Exchange> {
    const { timeoutMs } = this.#request;
    const callOff = (): void => this.#ending.abort(signal.reason);
    if (signal.aborted) callOff();
    signal.addEventListener('abort', callOff, { once: true });
    const timeout = setTimeout(() => this.#timeOut(timeoutMs / 1000), timeoutMs);
    try {
      await this.#followHops();
    } catch (thrown) {
      const { phase } = this.#timer;
      // The time-out destroys the socket, which may be told as an error of its own: the time-out is what happened.
      const error = this.#ending.signal.aborted ? this.#ending.signal.reason : thrown;
      this.#exchange.failure = { type: failureType(phase, errorCode(error)), phase, error };
    } finally {
      clearTimeout(timeout);
      signal.removeEventListener('abort', callOff);
      this.#exchange.totalMs = this.#timer.end();
    }
    return this.#exchange;
  }

  #timeOut(seconds: number): void {
    const { phase } = this.#timer;
    const code = phase === undefined ? 'TIMEOUT_AT_START' : TIMEOUTS[phase];
    this.#ending.abort(new MonitoringError(code, { seconds }));
  }

  async #followHops(): Promise<void> {
    const { maxRedirects } = this.#request;
    const exchange = this.#exchange;
    for (let hop = await this.#runHop(this.#request); hop !== undefined; hop = await this.#runHop(hop)) {
      exchange.redirects += 1;
      if (exchange.redirects > maxRedirects) throw new MonitoringError('TOO_MANY_REDIRECTS', { count: maxRedirects });
      // What the redirect said is not the answer of where it leads.
      delete exchange.responseCode;
      delete exchange.contentType;
      exchange.finalUrl = shownUrl(hop.url);
      exchange.isForeign = hop.url.origin !== this.#request.url.origin;
    }
  }

  /** One request and its answer. Returns the next hop, or undefined when this was the last. */
  async #runHop(hop: Hop): Promise<Hop | undefined> {
    const { proxyFor, bodyLimit } = this.#request;
    const { signal } = this.#ending;
    const proxy = proxyFor(hop.url);
    const connection = await this.#connect(hop, proxy);
    try {
      this.#timer.enter('first_byte');
      const response = await orAbort(send(hop, connection, proxy), signal);
      this.#timer.enter('body');
      const next = this.#readHead(hop, response);
      if (next === undefined) Object.assign(this.#exchange, await orAbort(readBody(response, bodyLimit), signal));
      return next;
    } finally {
      connection.socket.destroy();
    }
  }

  /** A connection to a server that is trusted; its certificate's days are told also where it is not. */
  async #connect(hop: Hop, proxy: URL | undefined): Promise<Connection> {
    const { url, tls, family, insideRedirects } = this.#request;
    const { ca, rejectUnauthorized } = tls;
    // A client certificate and a server name are for the server they were configured for.
    const own = hop.url.origin === url.origin ? tls : { ca, rejectUnauthorized };
    const { signal } = this.#ending;
    const isFirst = hop === this.#request;
    const isJudged = !isFirst && !insideRedirects;
    if (isJudged && proxy !== undefined) {
      this.#timer.enter('dns');
      await orAbort(this.#guard.admitProxied(hop.url), signal);
    }
    const admit = isJudged ? this.#guard.admit.bind(this.#guard, hop.url) : undefined;
    const route = { proxy, family, tls: own, resolver: this.#resolver, admit };
    const connection = await openConnection(hop.url, route, this.#timer, signal, Date.now());
    if (isFirst && proxy === undefined) this.#guard.begin(connection.socket.remoteAddress);
    if (connection.tlsDaysLeft !== undefined) this.#exchange.tlsDaysLeft = connection.tlsDaysLeft;
    if (connection.distrust === undefined) return connection;
    connection.socket.destroy();
    throw connection.distrust;
  }

  #readHead(hop: Hop, { statusCode = 0, headers }: IncomingMessage): Hop | undefined {
    this.#exchange.responseCode = statusCode;
    const contentType = headers['content-type'];
    if (contentType !== undefined) this.#exchange.contentType = contentType;
    return this.#request.maxRedirects > 0 ? nextHop(hop, statusCode, headers.location) : undefined;
  }
}

/**
 * Runs one check on connections of its own. Never rejects: what goes wrong is in `failure`. `signal` calls it off, with a
 * failure that nobody should look at any more.
 */
export function runCheck(request: CheckRequest, resolver: Resolver, signal: AbortSignal): Promise<Exchange> {
  return new Check(request, resolver).run(signal);
}

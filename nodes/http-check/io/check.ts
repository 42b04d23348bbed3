import type { ConnectionOptions } from 'node:tls';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { orAbort } from '../../../lib/io/abort.ts';
import type { Family, Resolver } from '../../../lib/io/resolver.ts';
import { proxyAuthorization } from '../../../lib/proxy.ts';
import { type Exchange, failureType } from '../answer/exchange.ts';
import { firstOf } from '../answer/fields.ts';
import { PhaseTimer } from '../answer/phase-timer.ts';
import { TextSearch } from '../answer/text-search.ts';
import { CookieJar } from '../request/cookies.ts';
import { type Hop, nextHop } from '../request/redirect.ts';
import { shownUrl } from '../request/url.ts';
import { wireRequest } from '../request/wire.ts';
import type { Answer } from './answer.ts';
import { readBody } from './body.ts';
import type { TrustAnchors } from './certificate.ts';
import { type Connection, openConnection } from './connect.ts';
import { Deadline } from './deadline.ts';
import { hasDescriptor } from './descriptor.ts';
import { exchangeHttp1 } from './http1.ts';
import { exchangeHttp2, type Http2Origins } from './http2.ts';
import { RedirectGuard } from './redirect-guard.ts';
import type { StallWatch } from './stall-watch.ts';

export interface CheckRequest extends Hop {
  /** For the whole check, redirects and body among it. */
  timeoutMs: number;
  maxRedirects: number;
  /** Bytes of the body to keep. */
  bodyLimit: number;
  /** The body is not read. */
  isHeadEnough: boolean;
  /** What is looked for in the body; undefined: nothing. */
  keyword: string | undefined;
  family: Family;
  /** Whether a redirect from outside may lead to an address inside. */
  insideRedirects: boolean;
  /** Only answers that keep to the standard count. */
  isStrict: boolean;
  /** For the origin that is asked first. */
  tls: ConnectionOptions;
  /** Throws where there is a proxy that cannot be used. */
  proxyFor(url: URL): URL | undefined;
}

/** What checks share. */
export interface CheckTools {
  resolver: Resolver;
  stalls: StallWatch;
  http2: Http2Origins;
  anchors: TrustAnchors;
}

/** How long a stream goes on once it has what is looked for, in ms: most pages end by then. */
const GRACE_MS = 300;
/** How a server says that it does not speak HTTP/1: by an alert, or by closing. */
const OTHER_PROTOCOL = [
  'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  'ERR_SSL_SSL/TLS_ALERT_NO_APPLICATION_PROTOCOL',
  'ECONNRESET',
];

/** What of the TLS settings is for whatever server a redirect leads to. */
function forOthers({ ca, rejectUnauthorized, minVersion, ciphers }: ConnectionOptions): ConnectionOptions {
  return { ca, rejectUnauthorized, minVersion, ciphers };
}

/** One check, from its first connection to the end of the last answer. */
class Check {
  readonly #request: CheckRequest;
  readonly #tools: CheckTools;
  readonly #timer = new PhaseTimer(() => performance.now());
  readonly #exchange: Exchange;
  readonly #guard: RedirectGuard;
  readonly #cookies = new CookieJar();
  readonly #deadline: Deadline;
  /** Aborts at the time-out, or when the check is called off. */
  readonly #ending = new AbortController();

  constructor(request: CheckRequest, tools: CheckTools) {
    this.#request = request;
    this.#tools = tools;
    this.#guard = new RedirectGuard(request.url, tools.resolver);
    this.#deadline = new Deadline(request.timeoutMs, this.#timer, tools.stalls, (error) => this.#ending.abort(error));
    this.#exchange = {
      url: shownUrl(request.url),
      method: request.method,
      totalMs: 0,
      phases: this.#timer.ms,
      redirects: 0,
    };
  }

  async run(signal: AbortSignal): Promise<Exchange> {
    const callOff = (): void => this.#ending.abort(signal.reason);
    if (signal.aborted) callOff();
    signal.addEventListener('abort', callOff, { once: true });
    try {
      await this.#followHops();
    } catch (thrown) {
      await this.#fail(thrown);
    } finally {
      signal.removeEventListener('abort', callOff);
      this.#exchange.totalMs = this.#timer.end();
      const { heldMs, sleptMs } = this.#deadline.stall();
      if (heldMs + sleptMs > 0) this.#exchange.heldMs = heldMs + sleptMs;
      this.#deadline.end();
    }
    return this.#exchange;
  }

  async #fail(thrown: unknown): Promise<void> {
    const { phase } = this.#timer;
    const { signal } = this.#ending;
    // The time-out destroys the socket, which may be told as an error of its own: the time-out is what happened.
    let error = signal.aborted ? signal.reason : thrown;
    if (phase === 'dns' && !signal.aborted && !(await hasDescriptor()))
      error = new MonitoringError('NO_DESCRIPTOR', {}, { cause: error });
    this.#exchange.failure = { type: failureType(phase, error, this.#deadline.stall()), phase, error };
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
    const { origin } = hop.url;
    const { http2 } = this.#tools;
    const known = http2.get(origin);
    try {
      return await this.#attempt(hop);
    } catch (error) {
      // A server that was asked so and fails may have changed: the next check finds out anew.
      http2.forget(origin);
      const other = known === undefined && !this.#ending.signal.aborted ? this.#otherProtocol(error) : undefined;
      if (other === undefined) throw error;
      http2.add(origin, other);
      return await this.#attempt(hop).catch((again) => {
        http2.forget(origin);
        // Of a server that closes whatever is spoken, the first failure tells more.
        throw errorCode(error) === 'ECONNRESET' ? error : again;
      });
    }
  }

  /** How to speak HTTP/2 where an attempt in HTTP/1 failed since the server speaks none; undefined where that is not why. */
  #otherProtocol(error: unknown): 'negotiated' | 'assumed' | undefined {
    const code = errorCode(error) ?? '';
    if (code === 'SPEAKS_HTTP2') return 'assumed';
    return this.#timer.phase === 'tls' && OTHER_PROTOCOL.includes(code) ? 'negotiated' : undefined;
  }

  async #attempt(hop: Hop): Promise<Hop | undefined> {
    const { signal } = this.#ending;
    const proxy = this.#request.proxyFor(hop.url);
    const connection = await this.#connect(hop, proxy);
    try {
      this.#timer.enter('first_byte');
      const answer = await orAbort(this.#send(hop, connection, proxy), signal);
      this.#timer.enter('body');
      const next = this.#readHead(hop, answer);
      if (next === undefined) await orAbort(this.#readBody(answer), signal);
      return next;
    } finally {
      connection.socket.destroy();
    }
  }

  #send(hop: Hop, { socket, protocol }: Connection, proxy: URL | undefined): Promise<Answer> {
    const request = wireRequest(hop, this.#cookies.cookiesFor(hop.url, hop.headers.cookie));
    const isForwarded = hop.url.protocol === 'http:' && proxy !== undefined;
    const isAssumed = this.#tools.http2.get(hop.url.origin) === 'assumed' && protocol === undefined;
    if (protocol === 'h2' || (isAssumed && !isForwarded)) return exchangeHttp2(socket, request);
    const forwarder = isForwarded ? proxyAuthorization(proxy) : undefined;
    return exchangeHttp1(socket, request, { forwarder, isStrict: this.#request.isStrict });
  }

  async #readBody(answer: Answer): Promise<void> {
    const { bodyLimit: limit, keyword, isHeadEnough } = this.#request;
    if (isHeadEnough) return;
    const search = keyword === undefined ? undefined : new TextSearch(keyword, firstOf(answer.fields, 'content-type'));
    const graceMs = (): number => Math.min(GRACE_MS, Math.max(0, this.#deadline.leftMs()) / 2);
    const { waitedMs, ...body } = await readBody(answer, { limit, search, graceMs });
    this.#timer.exclude(waitedMs);
    Object.assign(this.#exchange, body);
  }

  /** A connection to a server that is trusted; its certificate's days are told also where it is not. */
  async #connect(hop: Hop, proxy: URL | undefined): Promise<Connection> {
    const { url, tls, family, insideRedirects } = this.#request;
    // A client certificate and a server name are for the server they were configured for.
    const own = hop.url.origin === url.origin ? tls : forOthers(tls);
    const { signal } = this.#ending;
    const isFirst = hop === this.#request;
    const isJudged = !isFirst && !insideRedirects;
    if (isJudged && proxy !== undefined) {
      this.#timer.enter('dns');
      await orAbort(this.#guard.admitProxied(hop.url), signal);
    }
    const admit = isJudged ? this.#guard.admit.bind(this.#guard, hop.url) : undefined;
    const { resolver, anchors, http2 } = this.#tools;
    const protocols = http2.get(hop.url.origin) === undefined ? ['http/1.1'] : ['h2', 'http/1.1'];
    const route = { proxy, family, tls: own, protocols, resolver, anchors, admit };
    const connection = await openConnection(hop.url, route, this.#timer, signal, Date.now());
    if (isFirst && proxy === undefined) this.#guard.begin(connection.socket.remoteAddress);
    this.#tellValidity(connection);
    if (connection.distrust === undefined) return connection;
    connection.socket.destroy();
    throw connection.distrust;
  }

  #tellValidity({ validity }: Connection): void {
    if (validity === undefined) return;
    this.#exchange.tlsDaysLeft = validity.daysLeft;
    if (validity.issuer === undefined) delete this.#exchange.tlsIssuer;
    else this.#exchange.tlsIssuer = validity.issuer;
  }

  #readHead(hop: Hop, { code, fields }: Answer): Hop | undefined {
    this.#exchange.responseCode = code;
    const contentType = firstOf(fields, 'content-type');
    if (contentType !== undefined) this.#exchange.contentType = contentType;
    this.#cookies.store(hop.url, fields.get('set-cookie') ?? [], Date.now());
    return this.#request.maxRedirects > 0 ? nextHop(hop, code, firstOf(fields, 'location')) : undefined;
  }
}

/**
 * Runs one check on connections of its own. Never rejects: what goes wrong is in `failure`. `signal` calls it off, with a
 * failure that nobody should look at any more.
 */
export function runCheck(request: CheckRequest, tools: CheckTools, signal: AbortSignal): Promise<Exchange> {
  return new Check(request, tools).run(signal);
}

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { MonitoringError } from '../../../lib/errors.ts';
import type { Resolver } from '../../../lib/io/resolver.ts';
import { proxyAuthorization, proxyFor } from '../../../lib/proxy.ts';
import type { Answer, PostRequest } from '../services/service.ts';
import { openTrusted } from './connection.ts';

const TIMEOUT_MS = 15_000;
/** No service says more; the rest of a page is not read. */
const MOST_ANSWER_BYTES = 65_536;

export interface PostOptions {
  readonly tls: ConnectionOptions;
  readonly resolver: Resolver;
  /** With `https_proxy` and the like. */
  readonly variables: { readonly [name: string]: string | undefined };
  readonly timeoutMs?: number;
}

/** Posts a request and gives the answer, whatever its status is. Follows no redirect. */
export type Post = (request: PostRequest, signal: AbortSignal) => Promise<Answer>;

/** A `Post` over connections of its own. It rejects with `NO_ANSWER` after 15 s. */
export function createPost(options: PostOptions): Post {
  return async (request, closing) => {
    const late = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
    const signal = AbortSignal.any([closing, late]);
    try {
      return await exchange(request, options, signal);
    } catch (error) {
      if (late.aborted && !closing.aborted) throw new MonitoringError('NO_ANSWER');
      throw error;
    }
  };
}

async function exchange(
  { url, headers, body }: PostRequest,
  options: PostOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const proxy = proxyFor(url, options.variables);
  const socket = await openTrusted(url, { proxy, tls: options.tls, resolver: options.resolver }, signal);
  try {
    // A proxy takes the whole address of a request that it can read.
    const isWhole = proxy !== undefined && url.protocol === 'http:';
    const request = httpRequest({
      method: 'POST',
      path: isWhole ? `http://${url.host}${url.pathname}${url.search}` : `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        'user-agent': 'infra-monitoring',
        ...headers,
        ...(isWhole ? proxyAuthorization(proxy) : {}),
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      },
      createConnection: () => socket,
    });
    // Without a listener an error that comes after the deadline would end the process.
    request.on('error', () => undefined);
    request.end(body);
    const [response] = (await once(request, 'response', { signal })) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) };
  } finally {
    socket.destroy();
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8');
}

import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import { listening } from './listening.ts';

/**
 * The address of a server that passes everything on to the Graylog at `target`, but for the first request that `isRefused`: it
 * is answered with 500 and not passed on. `wasRefused()` says whether there was one.
 */
export async function refusing(
  t: TestContext,
  target: string,
  isRefused: (method: string, path: string) => boolean,
): Promise<{ address: string; wasRefused: () => boolean }> {
  let wasRefused = false;
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const piece of incoming.setEncoding('utf8')) body += piece;
    const { method = 'GET', url = '/' } = incoming;
    if (!wasRefused && isRefused(method, url.replace(/^\/api/, ''))) {
      wasRefused = true;
      outgoing.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"refused on purpose"}');
      return;
    }
    const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json' });
    for (const name of ['x-requested-by', 'authorization']) {
      if (incoming.headers[name] !== undefined) headers.set(name, String(incoming.headers[name]));
    }
    const given = await fetch(`${target}${url}`, { method, headers, body: body === '' ? null : body });
    const answer = await given.text();
    outgoing.writeHead(given.status, { 'content-type': 'application/json' }).end(answer);
  });
  return { address: await listening(t, server), wasRefused: () => wasRefused };
}

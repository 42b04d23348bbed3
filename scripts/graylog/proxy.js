// Stands between the installer and a Graylog, and keeps what both say.
import { createServer } from 'node:http';

/** Times of ours in a request: another one each time. */
const CHANGING = /"creation_date":"[^"]*"/g;

/** A request's body as it is compared: without what changes each time. */
function comparable(text) {
  return text.replace(CHANGING, '"creation_date":""');
}

/**
 * Listens on loopback and passes everything on to the Graylog at `target` (without `/api`). Resolves to `{ address, take,
 * close }`: `take()` gives the exchanges since the last time, `{ method, path, request, status, answer }`, in texts.
 */
export async function startProxy(target) {
  let exchanges = [];
  const server = createServer(async (incoming, outgoing) => {
    const request = await textOf(incoming);
    const { 'x-requested-by': by, authorization, 'content-type': type } = incoming.headers;
    const headers = Object.fromEntries(
      Object.entries({ accept: 'application/json', 'x-requested-by': by, authorization, 'content-type': type }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    const body = request === '' ? undefined : request;
    const given = await fetch(`${target}${incoming.url}`, { method: incoming.method, headers, body });
    const answer = await given.text();
    exchanges.push({
      ...{ method: incoming.method, path: incoming.url.replace(/^\/api/, ''), status: given.status },
      ...{ request: comparable(request), answer },
    });
    outgoing.writeHead(given.status, { 'content-type': given.headers.get('content-type') ?? 'text/plain' });
    outgoing.end(answer);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    take() {
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function textOf(incoming) {
  let text = '';
  for await (const piece of incoming.setEncoding('utf8')) text += piece;
  return text;
}

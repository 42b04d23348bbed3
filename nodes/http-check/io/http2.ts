import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { MonitoringError } from '../../../lib/errors.ts';
import type { Head } from '../answer/fields.ts';
import { encodingsOf, tellsLength } from '../answer/framing.ts';
import { http2Fields, type WireRequest } from '../request/wire.ts';
import type { Answer } from './answer.ts';

/** As many fields as HTTP/1 takes bytes for them, about. */
const MOST_FIELDS = 2_000;

/** Origins that are remembered as speaking HTTP/2 alone. */
const MOST_ORIGINS = 1_000;

/** The origins that speak HTTP/2 and nothing else, so that a check need not find that out each time. */
export class Http2Origins {
  readonly #known = new Map<string, 'negotiated' | 'assumed'>();

  /** How it is spoken there: over TLS it can be negotiated, else it must be assumed. Undefined: HTTP/1 is. */
  get(origin: string): 'negotiated' | 'assumed' | undefined {
    return this.#known.get(origin);
  }

  add(origin: string, how: 'negotiated' | 'assumed'): void {
    this.#known.delete(origin);
    this.#known.set(origin, how);
    if (this.#known.size > MOST_ORIGINS) this.#known.delete(this.#known.keys().next().value ?? '');
  }

  forget(origin: string): void {
    this.#known.delete(origin);
  }
}

function headOf(headers: IncomingHttpHeaders & { ':status'?: number }): Head {
  const fields = new Map<string, string[]>();
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    fields.set(name, [value].flat().map(String));
  }
  return { code: Number(headers[':status'] ?? 0), fields };
}

/** The head of the answer. Node.js tells some ends of a session by closing the stream alone. */
function answered(session: ClientHttp2Session, stream: ClientHttp2Stream): Promise<Head> {
  return new Promise((resolve, reject) => {
    session.on('error', reject);
    stream.on('error', reject);
    stream.once('response', (headers) => resolve(headOf(headers)));
    stream.once('close', () => reject(new MonitoringError('ENDED_BEFORE_ANSWER')));
  });
}

async function* bodyOf(stream: ClientHttp2Stream): Answer['body'] {
  for await (const chunk of stream as AsyncIterable<Uint8Array>) yield chunk;
  return undefined;
}

/**
 * Sends the request over a connection of its own and waits for the head of its answer (HTTP/2, RFC 9113). Rejects with the
 * error of the session or of the stream. The session ends with its socket.
 */
export async function exchangeHttp2(socket: Socket, request: WireRequest): Promise<Answer> {
  const session = connect(request.url.origin, {
    createConnection: () => socket,
    settings: { enablePush: false },
    maxHeaderListPairs: MOST_FIELDS,
    strictFieldWhitespaceValidation: false,
  });
  socket.once('close', () => session.destroy());
  const stream = session.request(http2Fields(request), { endStream: request.body === undefined });
  if (request.body !== undefined) stream.end(request.body);
  const head = await answered(session, stream);
  return { ...head, body: bodyOf(stream), encodings: encodingsOf(head), hasLength: tellsLength(head) };
}

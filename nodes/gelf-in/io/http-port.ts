import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { MonitoringError } from '../../../lib/errors.ts';
import { HTTP_PATH } from '../../../lib/gelf-limits.ts';
import { plainAddress } from '../address.ts';
import { isZlib } from '../frame/foreign.ts';
import { Framer } from '../frame/framer.ts';
import { admit, listening } from './admit.ts';
import { bindEither } from './bind.ts';
import type { StreamOptions } from './stream-port.ts';

export interface HttpPortOptions extends Omit<StreamOptions, 'mayRead'> {
  /** Whether there is no room behind: a sender is asked to come again. */
  isFull(): boolean;
}

const HEADERS_MS = 10_000;
const SILENT_MS = 60_000;
/** Longer than a balancer keeps a connection: it is the one that ends it. */
const KEEP_ALIVE_MS = 75_000;
const RETRY_SECONDS = 5;
type Unpack = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
const gunzipAll: Unpack = promisify(gunzip);
const inflateAll: Unpack = promisify(inflate);
const inflateRawAll: Unpack = promisify(inflateRaw);
/** RFC 9110, 8.4.1. Many senders leave away the frame of zlib that `deflate` means: Graylog takes both. */
const UNPACK = new Map<string, Unpack>([
  ['gzip', gunzipAll],
  ['x-gzip', gunzipAll],
  ['deflate', (body, options) => (isZlib(body) ? inflateAll : inflateRawAll)(body, options)],
]);
const PLAIN = new Set(['', 'identity']);

/** Takes GELF over HTTP, one document a body or one a line. 202 says that they are safe. */
export class HttpPort {
  readonly #options: HttpPortOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #isHeld = true;

  constructor(options: HttpPortOptions) {
    this.#options = options;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Throws the system's error where the port cannot be had. Resolves to the address. */
  async open(): Promise<string> {
    const { address, lost } = this.#options;
    const { opened, at } = await bindEither(address, (host) => this.#listen(host));
    this.#server = opened;
    opened.on('error', lost);
    return at;
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const one of [this.#server, ...this.#sockets]) isHeld ? one?.ref() : one?.unref();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #listen(host: string): Promise<Server> {
    const { tls, port } = this.#options;
    const limits = {
      ...{ headersTimeout: HEADERS_MS, requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true },
      ...{ keepAlive: true, connectionsCheckingInterval: HEADERS_MS / 2 },
    };
    const server =
      tls === undefined ? createServer(limits) : createHttpsServer({ ...tls, ...limits, handshakeTimeout: HEADERS_MS });
    server.on('connection', (socket: Socket) => this.#admit(socket));
    server.on('request', (request, response) => void this.#answer(request, response));
    server.on('clientError', (_error, socket) => socket.destroy());
    return listening(server, port, host);
  }

  #admit(socket: Socket): void {
    admit(socket, this.#sockets, this.#isHeld, this.#options);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sender = plainAddress(request.socket.remoteAddress);
    try {
      const status = this.#refusal(request) ?? (await this.#take(request, sender));
      const headers = { 'content-length': 0, ...(status === 503 ? { 'retry-after': String(RETRY_SECONDS) } : {}) };
      // What is refused is not read: the connection cannot be used again.
      if (status !== 202 && !request.complete && hasBody(request.headers)) response.shouldKeepAlive = false;
      response.writeHead(status, headers).end();
    } catch {
      request.socket.destroy();
    }
  }

  /** The status by which a request is refused before its body is read. */
  #refusal({ method, url, headers }: IncomingMessage): number | undefined {
    if (method !== 'POST') return 405;
    if (url !== HTTP_PATH) return 404;
    // A page in somebody's browser: every cross-site POST has its origin.
    if (headers.origin !== undefined) return 403;
    const encoding = encodingOf(headers);
    const { 'content-length': length = '0' } = headers;
    if (!PLAIN.has(encoding) && !UNPACK.has(encoding)) return 415;
    if (Number(length) > this.#options.mostBytes) return 413;
    return this.#options.isFull() ? 503 : undefined;
  }

  async #take(request: IncomingMessage, sender: string): Promise<number> {
    const { mostBytes, intake, counts, room, settled } = this.#options;
    const packed = await readBody(request, mostBytes);
    const unpack = UNPACK.get(encodingOf(request.headers));
    const body = packed === undefined || unpack === undefined ? packed : await unpacked(unpack, packed, mostBytes);
    if (body === undefined || body === 'tooLarge') {
      counts.drop('tooLarge', sender);
      return 413;
    }
    if (body === 'notUnpacked') {
      counts.drop('notUnpacked', sender);
      return 400;
    }
    const dropped = (reason: 'tooLarge' | 'full'): void => counts.drop(reason, sender);
    const bytes = { take: (n: number) => room.take(sender, n), release: (n: number) => room.release(sender, n) };
    const framer = new Framer({ mostBytes, room: bytes, dropped });
    const frames = framer.push(body);
    const last = framer.flush();
    await intake.take(last === undefined ? frames : [...frames, last], sender);
    await settled();
    return 202;
  }
}

function encodingOf({ 'content-encoding': encoding = '' }: IncomingHttpHeaders): string {
  return encoding.trim().toLowerCase();
}

function hasBody({ 'content-length': length, 'transfer-encoding': encoding }: IncomingHttpHeaders): boolean {
  return encoding !== undefined || Number(length ?? 0) > 0;
}

/** The body; undefined where it is larger. Rejects where the sender is silent for too long, or gone. */
function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const silence = setTimeout(() => request.destroy(), SILENT_MS).unref();
    request.on('data', (piece: Buffer) => {
      silence.refresh();
      bytes += piece.length;
      pieces.push(piece);
      if (bytes <= mostBytes) return;
      // Not destroyed: the sender is to read why.
      request.pause();
      resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(pieces)));
    request.on('error', reject);
    request.on('close', () => {
      clearTimeout(silence);
      reject(new MonitoringError('CLOSED_BY_PEER'));
    });
  });
}

async function unpacked(unpack: Unpack, body: Buffer, mostBytes: number): Promise<Buffer | 'tooLarge' | 'notUnpacked'> {
  try {
    return await unpack(body, { maxOutputLength: mostBytes });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : 'notUnpacked';
  }
}

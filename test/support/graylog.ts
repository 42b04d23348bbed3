import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { gunzipSync, inflateSync } from 'node:zlib';
import { CHUNKS_WITHIN_MS, MOST_BODY_BYTES, MOST_CHUNKS, MOST_FRAME_BYTES } from '../../lib/gelf-limits.ts';
import { Inbox, type Receiver, receiver, type State } from './graylog-inbox.ts';

export type { Document, Receiver } from './graylog-inbox.ts';

export interface ReceiverOptions {
  port?: number;
  /** The address of the loopback network to listen on; 127.0.0.1 unless given. */
  host?: string;
  /** Certificate and key make it TLS or HTTPS. */
  tls?: TlsOptions;
  /** HTTP: the status for a request, whose body has so many bytes unpacked; what Graylog answers where it is undefined. */
  answer?: (path: string, headers: NodeJS.Dict<string | string[]>, unpackedBytes: number) => number | undefined;
  /** HTTP: the same, by the text of the body. */
  answerText?: (body: string) => number | undefined;
  /** HTTP: "Enable Bulk Receiving". Off, only the first document of a body counts. */
  bulk?: boolean;
}

async function listen(server: Server | HttpServer, { port = 0, host = '127.0.0.1' }: ReceiverOptions): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The sockets below TLS: those above it cannot be reset. */
function track(server: Server | HttpServer, sockets: Set<Socket>, state: State): void {
  server.on('connection', (socket: Socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {
      state.broken += 1;
    });
  });
}

async function closeAll(server: Server | HttpServer, sockets: Set<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** TCP or TLS with NUL framing: an empty or too long frame closes the connection, as Graylog does. */
export async function receiveTcp(t: Pick<TestContext, 'after'>, options: ReceiverOptions = {}): Promise<Receiver> {
  const inbox = new Inbox();
  const sockets = new Set<Socket>();
  const state: State = { connections: 0, broken: 0, stalled: false };
  const server = options.tls === undefined ? createTcpServer() : createTlsServer(options.tls);
  const event = options.tls === undefined ? 'connection' : 'secureConnection';
  track(server, sockets, state);
  server.on('tlsClientError', () => undefined);
  server.on(event, (socket: Socket) => {
    if (options.tls !== undefined) {
      socket.on('error', () => {
        state.broken += 1;
      });
    }
    let rest: Buffer[] = [];
    let restBytes = 0;
    if (state.stalled) socket.pause();
    socket.on('data', (data: Buffer) => {
      let start = 0;
      for (let end = data.indexOf(0); end !== -1; end = data.indexOf(0, start)) {
        const frame = Buffer.concat([...rest, data.subarray(start, end)]);
        rest = [];
        restBytes = 0;
        start = end + 1;
        if (frame.length === 0) {
          inbox.fault('an empty frame closes the connection');
          socket.destroy();
          return;
        }
        inbox.take(frame.toString());
      }
      rest.push(data.subarray(start));
      restBytes += data.length - start;
      if (restBytes > MOST_FRAME_BYTES) {
        inbox.fault('a frame over 2 MiB closes the connection');
        socket.destroy();
      }
    });
  });
  const port = await listen(server, options);
  const close = (): Promise<void> => closeAll(server, sockets);
  t.after(close);
  return receiver(inbox, port, sockets, state, close);
}

/** UDP: plain, gzip or zlib; chunks of one message within five seconds, at most 128. */
export async function receiveUdp(t: Pick<TestContext, 'after'>, options: ReceiverOptions = {}): Promise<Receiver> {
  const inbox = new Inbox();
  const socket: UdpSocket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304 });
  const open = new Map<string, { pieces: Buffer[]; count: number; atMs: number }>();
  const takeMessage = (body: Buffer): void => {
    try {
      if (body[0] === 0x1f && body[1] === 0x8b) inbox.take(gunzipSync(body).toString());
      else if (body[0] === 0x78 && body.readUInt16BE(0) % 31 === 0) inbox.take(inflateSync(body).toString());
      else inbox.take(body.toString());
    } catch (error) {
      inbox.fault(`a datagram that cannot be unpacked: ${String(error)}`);
    }
  };
  socket.on('message', (datagram) => {
    if (datagram[0] !== 0x1e || datagram[1] !== 0x0f) return takeMessage(datagram);
    const id = datagram.toString('hex', 2, 10);
    const sequence = datagram[10] as number;
    const count = datagram[11] as number;
    if (count > MOST_CHUNKS || count < 1 || sequence >= count) return inbox.fault(`chunk ${sequence} of ${count}`);
    const message = open.get(id) ?? { pieces: [], count, atMs: performance.now() };
    open.set(id, message);
    if (performance.now() - message.atMs > CHUNKS_WITHIN_MS) return inbox.fault('chunks over more than 5 s');
    message.pieces[sequence] = datagram.subarray(12);
    if (Object.keys(message.pieces).length < count) return;
    open.delete(id);
    takeMessage(Buffer.concat(message.pieces));
  });
  socket.bind(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(socket, 'listening');
  const close = async (): Promise<void> => {
    try {
      socket.close();
      await once(socket, 'close');
    } catch {
      // It is closed already.
    }
  };
  t.after(close);
  return receiver(inbox, socket.address().port, new Set(), { connections: 0, broken: 0, stalled: false }, close);
}

/** HTTP(S): POST to exactly `/gelf`, answered 202 before the body is read; at most 64 KiB; one newline at the end. */
export async function receiveHttp(t: Pick<TestContext, 'after'>, options: ReceiverOptions = {}): Promise<Receiver> {
  const inbox = new Inbox();
  const sockets = new Set<Socket>();
  const state: State = { connections: 0, broken: 0, stalled: false };
  const server: HttpServer = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
  track(server, sockets, state);
  server.on('request', (request, response) => {
    const pieces: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = unpack(Buffer.concat(pieces), request.headers['content-encoding']);
      let status = request.url === '/gelf' ? 202 : 404;
      if (request.method !== 'POST') status = 405;
      if (body.length > MOST_BODY_BYTES) status = 413;
      status = options.answer?.(request.url ?? '', request.headers, body.length) ?? status;
      status = options.answerText?.(body.toString()) ?? status;
      if (status === 202) takeBody(body.toString());
      response.writeHead(status, { 'content-length': 0 }).end();
    });
  });
  const unpack = (body: Buffer, encoding: string | undefined): Buffer => {
    try {
      return encoding === 'gzip' ? gunzipSync(body) : body;
    } catch (error) {
      inbox.fault(`a body that cannot be unpacked: ${String(error)}`);
      return body;
    }
  };
  const takeBody = (body: string): void => {
    if (!body.endsWith('\n') || body.endsWith('\n\n')) inbox.fault('a body must end in exactly one newline');
    const documents = body.slice(0, -1).split('\n');
    if (options.bulk !== true && documents.length > 1) inbox.fault('only the first document of a body counts');
    for (const document of documents) inbox.take(document);
  };
  const port = await listen(server, options);
  const close = (): Promise<void> => closeAll(server, sockets);
  t.after(close);
  return receiver(inbox, port, sockets, state, close);
}

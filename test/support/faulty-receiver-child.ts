// A GELF receiver that can be told to misbehave: `node faulty-receiver-child.ts JSON`, see `ReceiverSetup`. Whatever it has
// read is in its file before it says so: it may be killed at any time. Commands come in lines: a mode, `reset`, `fin`.
import { appendFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer } from 'node:tls';
import { writeEvery } from './pace.ts';

export interface ReceiverSetup {
  readonly scheme: 'tcp' | 'tls' | 'http';
  readonly port: number;
  readonly file: string;
  readonly mode?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** One in so many documents is what the proxy of the mode `refuse` dislikes. */
const BAD_EVERY = 50;

const setup = JSON.parse(process.argv[2] ?? '') as ReceiverSetup;
const sockets = new Set<Socket>();
let mode = setup.mode ?? 'well';

function take(documents: readonly string[]): void {
  const numbers = documents.map((text) => (JSON.parse(text) as { _n?: number })._n).filter((n) => n !== undefined);
  if (numbers.length > 0) appendFileSync(setup.file, `${numbers.join('\n')}\n`);
}

function serveStream(socket: Socket): void {
  let rest = '';
  socket.on('error', () => undefined);
  if (mode === 'close') return void socket.destroy();
  socket.setEncoding('utf8').on('data', (text) => {
    const frames = (rest + String(text)).split('\0');
    rest = frames.pop() ?? '';
    take(frames);
  });
}

function isBad(text: string): boolean {
  return Number((JSON.parse(text) as { _n?: number })._n) % BAD_EVERY === 7;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  response.on('error', () => undefined);
  request.setEncoding('utf8').on('data', (text) => {
    body += String(text);
  });
  request.on('end', () => {
    const documents = body.trimEnd().split('\n');
    if (mode === 'close') return void request.socket.destroy();
    if (mode === '503') return void response.writeHead(503).end();
    if (mode === 'refuse' && documents.some(isBad)) return void response.writeHead(403).end();
    if (mode === 'continue')
      return void response.on(
        'close',
        writeEvery(5, () => response.writeContinue()),
      );
    take(documents);
    if (mode !== 'endless') return void response.writeHead(202, { 'content-length': 0 }).end();
    response.writeHead(202);
    response.on(
      'close',
      writeEvery(20, () => response.write('x')),
    );
  });
}

const server =
  setup.scheme === 'http'
    ? createHttpServer(answer)
    : setup.scheme === 'tls'
      ? createTlsServer({ ...setup.tls }, serveStream)
      : createTcpServer(serveStream);
server.on('tlsClientError', () => undefined);
server.on('connection', (socket: Socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(socket));
});
server.listen(setup.port, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));

createInterface({ input: process.stdin }).on('line', (command) => {
  if (command === 'reset') for (const socket of sockets) socket.resetAndDestroy();
  else if (command === 'fin') for (const socket of sockets) socket.end();
  else {
    mode = command;
    // What is open reads on otherwise, and would say that it has read what it throws away.
    if (mode === 'close') for (const socket of sockets) socket.resetAndDestroy();
  }
  console.log(`did ${command}`);
});

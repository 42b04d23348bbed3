import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Listens on a free port until the test ends, whatever connections are open then. Returns the port. */
async function listen(t: TestContext, server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

/** An HTTP server; its URL without a slash at the end. */
export async function serve(t: TestContext, listener: RequestListener, host?: string): Promise<string> {
  const port = await listen(t, createServer(listener), host);
  return `http://${host?.includes(':') ? `[${host}]` : (host ?? '127.0.0.1')}:${port}`;
}

/** An HTTPS server; its URL names it `localhost`. */
export async function serveTls(t: TestContext, certificate: ServerOptions, listener: RequestListener): Promise<string> {
  return `https://localhost:${await listen(t, createTlsServer(certificate, listener), 'localhost')}`;
}

/** A server of raw bytes; its port. */
export function serveTcp(t: TestContext, onSocket: (socket: Socket) => void, host?: string): Promise<number> {
  return listen(t, createTcpServer(onSocket), host);
}

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

export interface Certificate {
  key: string;
  cert: string;
}

/** An HTTPS server; its URL names it `localhost`. */
export async function serveTls(t: TestContext, certificate: ServerOptions, listener: RequestListener): Promise<string> {
  return `https://localhost:${await listen(t, createTlsServer(certificate, listener), 'localhost')}`;
}

/** A server of raw bytes; its port. */
export function serveTcp(t: TestContext, onSocket: (socket: Socket) => void, host?: string): Promise<number> {
  return listen(t, createTcpServer(onSocket), host);
}

/** A port where nobody listens: one that was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** "20200131000000Z", as openssl wants its dates. */
function stamp(date: Date): string {
  return `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}

/** A self-signed certificate for `names` (as in a subjectAltName), made by openssl, that ends in `days` from now. */
export function makeCertificate(names = 'DNS:localhost,IP:127.0.0.1', days = 30): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'infra-certificate-'));
  const at = (name: string): string => join(folder, name);
  try {
    const config = [
      ...['[ca]', 'default_ca=d', '[d]', `database=${at('index')}`, `new_certs_dir=${folder}`, 'rand_serial=yes'],
      ...['default_md=sha256', 'policy=p', 'x509_extensions=e', '[p]', 'commonName=supplied'],
      ...['[e]', `subjectAltName=${names}`, 'basicConstraints=CA:TRUE'],
    ];
    writeFileSync(at('config'), config.join('\n'));
    writeFileSync(at('index'), '');
    const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { stdio: 'ignore' });
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    openssl('req', '-new', ...curve, '-nodes', '-keyout', at('key'), '-out', at('request'), '-subj', '/CN=test');
    const now = Date.now();
    const start = stamp(new Date(now - 400 * 86_400_000));
    const end = stamp(new Date(now + days * 86_400_000 + 60_000));
    const files = ['-in', at('request'), '-keyfile', at('key'), '-out', at('cert'), '-notext'];
    openssl('ca', '-batch', '-selfsign', '-config', at('config'), ...files, '-startdate', start, '-enddate', end);
    return { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('cert'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

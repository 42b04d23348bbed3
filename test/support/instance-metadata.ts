import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ending } from './rabbitmq.ts';

export interface Metadata {
  readonly base: string;
  /** Method and path of each request, below `/latest/`. */
  readonly asked: readonly string[];
}

/** A metadata service as that of EC2, second version: what is below `/latest/` wants the token that a PUT has brought. */
export async function startMetadata(
  t: Ending,
  answers: { [path: string]: string },
  { host = '127.0.0.1', port = 0 } = {},
): Promise<Metadata> {
  const asked: string[] = [];
  const token = 'AQAEAtoken==';
  const server = createServer(({ method, url = '', headers }, response) => {
    const path = url.replace('/latest/', '');
    asked.push(`${method} ${path}`);
    if (method === 'PUT' && path === 'api/token') {
      const hasTime = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']) > 0;
      response.writeHead(hasTime ? 200 : 400).end(hasTime ? token : '');
    } else if (headers['x-aws-ec2-metadata-token'] !== token) response.writeHead(401).end();
    else if (answers[path] === undefined) response.writeHead(404).end('<html>404 - Not Found</html>');
    else response.end(answers[path]);
  }).listen(port, host);
  await once(server, 'listening');
  t.after(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { base: `http://${host}:${(server.address() as AddressInfo).port}`, asked };
}

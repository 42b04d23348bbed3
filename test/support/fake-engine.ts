import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { ContainerDetails } from '../../lib/docker/api.ts';
import { parseAddress } from '../../nodes/docker-engine/address.ts';
import { DockerEngineClient } from '../../nodes/docker-engine/io/client.ts';
import { PATIENCE_MS } from './until.ts';

/** A request as the engine sees it, without the version of the API. */
export interface FakeRequest {
  /** What stands before the version: one server can play many engines. */
  readonly prefix: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** How often this path was asked for before, with the same prefix and the same `follow`. */
  readonly before: number;
}

/** Answers a request; false leaves it to the usual answers. */
export type FakeAnswer = (request: FakeRequest, response: ServerResponse) => boolean | undefined;

export interface FakeEngine {
  /** As DOCKER_HOST has it: a unix socket. */
  readonly host: string;
  /** The same server on TCP, for prefixes: `http://127.0.0.1:port`. */
  readonly url: string;
  containers: ContainerDetails[];
  answer: FakeAnswer;
  /** Ends every connection. */
  disconnect(): void;
  /** How many connections are open. */
  connections(): Promise<number>;
}

const VERSION = { Version: 'fake', ApiVersion: '1.41', MinAPIVersion: '1.12' };

export function fakeContainer(id: string, state: Partial<ContainerDetails['State']> = {}): ContainerDetails {
  return {
    Id: id,
    Name: `/${id}`,
    Created: '2026-11-23T18:00:00.000000001Z',
    Path: 'sh',
    Args: ['-c', 'x'],
    Image: 'sha256:fake',
    State: {
      Running: true,
      StartedAt: '2026-11-23T18:00:00Z',
      FinishedAt: '0001-01-01T00:00:00Z',
      ExitCode: 0,
      ...state,
    },
    Config: { Image: 'fake:1', Labels: {} },
  };
}

/** The container in the list of all. */
function summaryOf({ Id, Name, Config, State }: ContainerDetails): object {
  return { Id, Names: [Name], Image: Config.Image, Labels: Config.Labels, State: State.Running ? 'running' : 'exited' };
}

/** An engine that answers as it is told; by default it is there and nothing happens. */
export async function startFakeEngine(t: Pick<TestContext, 'after'>): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-fake-'));
  const socket = join(folder, 'docker.sock');
  const asked = new Map<string, number>();
  const servers = [createServer(handle), createServer(handle)] as const;
  const engine: FakeEngine = {
    host: `unix://${socket}`,
    url: '',
    containers: [],
    answer: () => false,
    disconnect: () => {
      for (const server of servers) server.closeAllConnections();
    },
    connections: async () => {
      const counts = servers.map((server) => promisify(server.getConnections.bind(server))());
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
  };

  function usual({ path }: FakeRequest, response: ServerResponse): void {
    const id = /^\/containers\/([^/]+)\/(json|logs)$/.exec(path);
    const found = engine.containers.find(({ Id }) => Id === id?.[1]);
    const answers: { [path: string]: unknown } = {
      '/version': VERSION,
      '/info': { SystemTime: '2026-11-23T18:00:00.000000000Z' },
      '/containers/json': engine.containers.map(summaryOf),
    };
    if (path === '/events') response.writeHead(200).flushHeaders();
    else if (id?.[2] === 'json' && found !== undefined) response.end(JSON.stringify(found));
    else if (path in answers) response.end(JSON.stringify(answers[path]));
    else response.writeHead(404).end(JSON.stringify({ message: `no such thing: ${path}` }));
  }

  function handle(incoming: IncomingMessage, response: ServerResponse): void {
    const url = new URL(incoming.url ?? '', 'http://engine');
    const [, prefix = '', path = ''] =
      /^(.*?)(?:\/v1\.\d+)?(\/(?:version|info|events|(?:containers\/|networks|volumes).*))$/.exec(url.pathname) ?? [];
    const key = `${prefix} ${path} ${url.searchParams.get('follow')}`;
    const before = asked.get(key) ?? 0;
    asked.set(key, before + 1);
    const request = { prefix: prefix.slice(1), path, query: url.searchParams, before };
    response.on('error', () => undefined);
    if (engine.answer(request, response) !== true) usual(request, response);
  }

  servers[0].listen(socket);
  servers[1].listen(0, '127.0.0.1');
  await Promise.all(servers.map((server) => once(server, 'listening')));
  t.after(async () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return Object.assign(engine, { url: `http://127.0.0.1:${(servers[1].address() as AddressInfo).port}` });
}

/** A client for the engine at this address, closed when the test ends. */
export function clientFor(t: Pick<TestContext, 'after'>, host: string, answerMs = PATIENCE_MS): DockerEngineClient {
  const { address } = parseAddress(host);
  if (address === undefined) throw new Error(`no address: ${host}`);
  const client = new DockerEngineClient({ address, answerMs });
  t.after(() => client.close());
  return client;
}

/** Sends the bytes and then breaks the connection off, in the middle of the body. */
export function breakOff(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200);
  response.flushHeaders();
  const { socket } = response;
  if (bytes.length === 0) socket?.destroySoon();
  else response.write(bytes, () => socket?.destroySoon());
}

/** Sends the bytes one by one, each in a read of its own, and ends the body where `ends` says so. */
export function sendSlowly(response: ServerResponse, bytes: Buffer, ends: boolean): void {
  response.socket?.setNoDelay(true);
  response.writeHead(200);
  const next = (at: number): void => {
    if (at < bytes.length) response.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
    else if (ends) response.end();
  };
  next(0);
}

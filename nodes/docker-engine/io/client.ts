import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type Modem from 'docker-modem';
import { type DockerClient, EngineError, type Query } from '../../../lib/docker/client.ts';
import { errorCode, reason } from '../../../lib/errors.ts';
import { commonVersion, type EngineAddress, placeOf } from '../address.ts';
import { openPlainBody, type PlainTarget } from './plain-body.ts';
import { createTunnel, type Tunnel } from './tunnel.ts';

/** How long an answer may take, in milliseconds; of a stream, its headers. */
export const ANSWER_MS = 20_000;

/** Long streams on a connection that says nothing: the system asks now and then whether the other side still lives. */
const KEEP_ALIVE_MS = 30_000;

export interface ClientOptions {
  readonly address: EngineAddress;
  /** What `tls.connect` takes: `ca`, `cert`, `key`, `rejectUnauthorized`, … */
  readonly tls?: object | undefined;
  readonly answerMs?: number;
}

export interface ManagedClient extends DockerClient {
  /** The version of the API that both sides know, asked for again after a connection failed. */
  version(): Promise<string>;
  /** Ends every request and stream, and the tunnel. */
  close(): void;
}

/**
 * dockerode's transport without dockerode: its main file loads gRPC and protobuf, for building images, and costs twice
 * the memory of what is used here (16.6 MB against 8.5 MB). It is found where dockerode finds it, and loaded with the
 * first request, so that a flow without Docker does not pay for it.
 */
function loadModem(): typeof Modem {
  const here = createRequire(import.meta.url);
  return createRequire(here.resolve('dockerode'))('docker-modem');
}

/** docker-modem writes every request's options out for its debug log, even when that is off: an agent is to stay short. */
function tlsAgent(options: object): Agent {
  const agent = new Agent({ keepAlive: true, ...options });
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}

/** An address in numbers is no server name. */
function withServerName(host: string, tls: object | undefined): object {
  return isIP(host) === 0 ? { servername: host, ...tls } : { ...tls };
}

function openModem(address: EngineAddress, tls: object | undefined, socket: string | undefined): Modem {
  const Loaded = loadModem();
  // What is not given, docker-modem takes from DOCKER_HOST and its like: every property is given, also the empty ones.
  const nothing = { host: undefined, port: undefined, socketPath: undefined, ca: undefined, cert: undefined };
  const rest = { ...nothing, key: undefined, username: undefined, timeout: undefined, version: undefined };
  if (address.kind !== 'tcp') return new Loaded({ ...rest, socketPath: socket, protocol: 'http' });
  const protocol = address.tls ? 'https' : 'http';
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return new Loaded({
    ...rest,
    protocol,
    host: `${protocol}://${host}`,
    port: address.port,
    agent: address.tls ? tlsAgent(withServerName(address.host, tls)) : undefined,
  });
}

/** The engine's own words in an error of docker-modem. */
function engineError(error: unknown): EngineError {
  const { statusCode } = error as { statusCode?: number };
  const words = reason(error).replace(/^\(HTTP code \d+\) unexpected - /, '');
  return new EngineError(words.trim(), { statusCode, code: errorCode(error) });
}

function withoutUndefined(query: Query): object | undefined {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export function createDockerClient({ address, tls, answerMs = ANSWER_MS }: ClientOptions): ManagedClient {
  const prefix = address.kind === 'tcp' ? address.prefix : '';
  const open = new Set<AbortController>();
  let tunnel: Tunnel | undefined;
  let modem: Modem | undefined;
  let negotiated: Promise<string> | undefined;

  const noAnswer = (): EngineError => new EngineError(`no answer within ${answerMs / 1000} s`, { code: 'NO_ANSWER' });

  const connect = async (): Promise<Modem> => {
    if (address.kind === 'ssh') tunnel ??= createTunnel(address);
    const socket = tunnel === undefined ? undefined : await tunnel.socket();
    modem ??= openModem(address, tls, address.kind === 'socket' ? address.path : socket);
    return modem;
  };

  const target = async (): Promise<PlainTarget> => {
    if (address.kind === 'socket') return { socket: address.path };
    if (address.kind === 'ssh') return { socket: await tunnel?.socket() };
    return { host: address.host, port: address.port, tls: address.tls ? withServerName(address.host, tls) : undefined };
  };

  /** One GET, answered by its headers. The deadline ends with the headers; the caller watches over the body. */
  const request = async (path: string, query: Query): Promise<Readable> => {
    const opened = await connect();
    const options = withoutUndefined(query);
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      open.add(controller);
      const fail = (error: EngineError): void => {
        clearTimeout(timer);
        open.delete(controller);
        if (error.statusCode === undefined) negotiated = undefined;
        reject(error);
      };
      const timer = setTimeout(() => {
        fail(noAnswer());
        controller.abort();
      }, answerMs);
      const dial = {
        path: options === undefined ? `${prefix}${path}` : `${prefix}${path}?`,
        method: 'GET',
        options: options as { [key: string]: unknown },
        // Always as a stream: of a body that breaks off docker-modem tells its caller nothing.
        isStream: true,
        statusCodes: { 200: true },
        abortSignal: controller.signal,
      };
      opened.dial(dial, (error, result) => {
        if (error !== null) return fail(engineError(error));
        clearTimeout(timer);
        const body = result as Readable & { socket?: { setKeepAlive(on: boolean, ms: number): void } };
        body.socket?.setKeepAlive(true, KEEP_ALIVE_MS);
        body.once('close', () => open.delete(controller));
        resolve(body);
      });
    });
  };

  const readJson = async <T>(path: string, query: Query): Promise<T> => {
    const body = await request(path, query);
    const timer = setTimeout(() => body.destroy(noAnswer()), answerMs);
    try {
      return JSON.parse(await text(body)) as T;
    } catch (error) {
      negotiated = undefined;
      if (error instanceof SyntaxError) throw new EngineError('the answer is no JSON', { code: 'NO_JSON' });
      throw error instanceof EngineError ? error : engineError(error);
    } finally {
      clearTimeout(timer);
    }
  };

  const version = (): Promise<string> => {
    negotiated ??= readJson<{ ApiVersion?: string; MinAPIVersion?: string }>('/version', {}).then((answer) => {
      if (typeof answer.ApiVersion !== 'string')
        throw new EngineError('the answer is not that of a Docker Engine', { code: 'NO_ENGINE' });
      return commonVersion(answer.ApiVersion, answer.MinAPIVersion);
    });
    negotiated.catch(() => {
      negotiated = undefined;
    });
    return negotiated;
  };

  const plainStream = async (path: string, query: Query = {}): Promise<Readable> => {
    const versioned = `/v${await version()}${path}`;
    const words = new URLSearchParams(withoutUndefined(query) as { [name: string]: string });
    const body = await openPlainBody(await target(), `${prefix}${versioned}?${words}`, answerMs);
    if (body === undefined) return request(versioned, query);
    const controller = new AbortController();
    open.add(controller);
    controller.signal.addEventListener('abort', () => body.destroy());
    body.setKeepAlive(true, KEEP_ALIVE_MS);
    body.once('close', () => open.delete(controller));
    return body;
  };

  return {
    place: placeOf(address),
    version,
    plainStream,
    json: async (path, query = {}) => readJson(`/v${await version()}${path}`, query),
    stream: async (path, query = {}) => request(`/v${await version()}${path}`, query),
    close() {
      for (const controller of open) controller.abort();
      open.clear();
      tunnel?.close();
    },
  };
}

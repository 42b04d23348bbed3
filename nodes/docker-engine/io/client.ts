import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { ByteBudget } from '../../../lib/byte-budget.ts';
import { type DockerClient, type Query, refusal, refusalError } from '../../../lib/docker/client.ts';
import { type EngineVersion, parseVersion } from '../../../lib/docker/engine.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { type EngineAddress, placeOf } from '../address.ts';
import { JsonBounds } from '../json-bounds.ts';
import { wordsOfRefusal } from '../response-head.ts';
import { commonVersion } from '../version.ts';
import { checkSocket } from './check-socket.ts';
import { EngineConnection, withServerName } from './modem.ts';
import { openPlainBody, type PlainTarget } from './plain-body.ts';
import { Tunnel } from './tunnel.ts';
import { readRefusal, readWholeBody } from './whole-body.ts';

/** How long an answer may take as a whole, in milliseconds; of a stream, its headers. */
export const ANSWER_MS = 20_000;

const MEBIBYTE = 1024 * 1024;
/** The longest answer about one thing, in bytes. */
const MOST_OF_ONE = 4 * MEBIBYTE;
/** What all answers that are read at the same time may take, in bytes. */
const MOST_AT_ONCE = 96 * MEBIBYTE;
/** On a long stream that says nothing the system asks this often whether the other side still lives, in milliseconds. */
const KEEP_ALIVE_MS = 30_000;

export interface ClientOptions {
  readonly address: EngineAddress;
  /** What `tls.connect` takes: `ca`, `cert`, `key`, `rejectUnauthorized`, … */
  readonly tls?: object | undefined;
  readonly answerMs?: number;
}

/** Requests take either no parameters or some; docker-modem tells the two apart. */
function definedOnly(query: Query): { [name: string]: string | number | boolean } | undefined {
  const entries = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MonitoringError('NO_JSON', {}, { cause });
  }
}

/** Speaks with one Docker Engine, from its first request until it is closed. */
export class DockerEngineClient implements DockerClient {
  readonly place: string;
  readonly #address: EngineAddress;
  readonly #tls: object | undefined;
  readonly #answerMs: number;
  /** Put before every path. */
  readonly #prefix: string;
  /** The requests and bodies that are not at their end. */
  readonly #open = new Set<AbortController>();
  readonly #budget = new ByteBudget(MOST_AT_ONCE);
  #tunnel: Tunnel | undefined;
  #connection: EngineConnection | undefined;
  #version: Promise<EngineVersion> | undefined;
  /** The last request failed before it was answered. */
  #isAway = false;
  #isClosed = false;

  constructor({ address, tls, answerMs = ANSWER_MS }: ClientOptions) {
    this.place = placeOf(address);
    this.#address = address;
    this.#tls = tls;
    this.#answerMs = answerMs;
    this.#prefix = address.kind === 'tcp' ? address.prefix : '';
  }

  /** The version of the API that both sides know. */
  async apiVersion(): Promise<string> {
    return commonVersion(await this.version());
  }

  /** What the engine tells of its version; it is asked again after a connection failed. */
  version(): Promise<EngineVersion> {
    this.#version ??= this.#readJson('/version', {}).then(parseVersion);
    this.#version.catch(() => {
      this.#version = undefined;
    });
    return this.#version;
  }

  async json(path: string, query: Query = {}, mostBytes = MOST_OF_ONE): Promise<unknown> {
    return this.#readJson(await this.#versioned(path), query, mostBytes);
  }

  async bytes(path: string, query: Query, mostBytes: number): Promise<Buffer> {
    return this.#readWhole(await this.#versioned(path), query, mostBytes);
  }

  async stream(path: string, query: Query = {}, signal?: AbortSignal): Promise<Readable> {
    return this.#request(await this.#versioned(path), query, signal);
  }

  async date(): Promise<number | undefined> {
    const body = await this.#request('/version', {});
    const ms = Date.parse(body.headers.date ?? '');
    body.resume();
    return Number.isNaN(ms) ? undefined : ms;
  }

  async plainStream(path: string, query: Query = {}, signal?: AbortSignal): Promise<Readable> {
    const versioned = await this.#versioned(path);
    const words = new URLSearchParams(
      Object.entries(definedOnly(query) ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const target = await this.#target();
    const controller = this.#begin();
    const ends = AbortSignal.any([controller.signal, ...(signal === undefined ? [] : [signal])]);
    const opening = openPlainBody(target, `${this.#prefix}${versioned}?${words}`, this.#answerMs, signal && ends);
    const body = await opening.finally(() => this.#open.delete(controller));
    if (body === undefined) return this.#request(versioned, query, signal);
    controller.signal.addEventListener('abort', () => body.destroy());
    this.#endOnClose(body, controller);
    body.setKeepAlive(true, KEEP_ALIVE_MS);
    return body;
  }

  /** Ends every request, stream and connection, and the tunnel. What is asked later rejects with `CLOSED`. */
  close(): void {
    this.#isClosed = true;
    for (const controller of this.#open) controller.abort();
    this.#open.clear();
    this.#connection?.close();
    this.#tunnel?.close();
  }

  async #versioned(path: string): Promise<string> {
    return `/v${await this.apiVersion()}${path}`;
  }

  #noAnswer(): MonitoringError {
    return new MonitoringError('NO_ANSWER_WITHIN', { seconds: this.#answerMs / 1000 });
  }

  async #noteAway(look: Promise<void>): Promise<void> {
    this.#isAway = await look.then(
      () => false,
      (error) => {
        this.#isAway = true;
        throw error;
      },
    );
  }

  /** The path of the local socket; undefined where the engine is reached over TCP. */
  async #socket(): Promise<string | undefined> {
    if (this.#address.kind === 'socket') {
      await this.#noteAway(checkSocket(this.#address.path, this.#isAway));
      return this.#address.path;
    }
    if (this.#address.kind === 'tcp') return undefined;
    this.#tunnel ??= new Tunnel(this.#address);
    return this.#tunnel.socket();
  }

  async #target(): Promise<PlainTarget> {
    const address = this.#address;
    if (address.kind !== 'tcp') return { socket: await this.#socket() };
    const tls = address.tls ? withServerName(address.host, this.#tls) : undefined;
    return { host: address.host, port: address.port, tls };
  }

  async #connect(): Promise<EngineConnection> {
    const socket = await this.#socket();
    this.#connection ??= new EngineConnection(this.#address, this.#tls, socket);
    return this.#connection;
  }

  /** What has waited for a version or a connection may come here after the end. */
  #begin(): AbortController {
    if (this.#isClosed) throw new MonitoringError('CLOSED');
    const controller = new AbortController();
    this.#open.add(controller);
    return controller;
  }

  /** Ends the body when the client is closed. */
  #endOnClose(body: Readable, controller: AbortController): void {
    this.#open.add(controller);
    body.once('close', () => this.#open.delete(controller));
  }

  /** One GET, answered by its headers. The deadline ends with the headers; the caller watches over the body. */
  async #request(path: string, query: Query, signal?: AbortSignal): Promise<IncomingMessage> {
    const connection = await this.#connect();
    const controller = this.#begin();
    let timer: NodeJS.Timeout | undefined;
    let abort = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      const end = (error: Error): void => {
        reject(error);
        controller.abort();
      };
      if (signal === undefined) timer = setTimeout(() => end(this.#noAnswer()), this.#answerMs);
      abort = () => end(new MonitoringError('CLOSED'));
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
    });
    try {
      const answer = connection.get(`${this.#prefix}${path}`, definedOnly(query), controller.signal);
      const body = await Promise.race([answer, late]);
      this.#endOnClose(body, controller);
      if (body.statusCode !== 200)
        throw refusalError(body.statusCode ?? 0, wordsOfRefusal(await readRefusal(body)), path);
      body.socket.setKeepAlive(true, KEEP_ALIVE_MS);
      return body;
    } catch (error) {
      this.#open.delete(controller);
      if (refusal(error) === undefined) {
        this.#version = undefined;
        this.#isAway = true;
      }
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** One GET with its body. The deadline is for both, however busily the body is sent. */
  async #readWhole(path: string, query: Query, mostBytes: number, look?: (chunk: Buffer) => void): Promise<Buffer> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(this.#noAnswer()), this.#answerMs);
    try {
      const body = await this.#request(path, query);
      return await readWholeBody(body, { mostBytes, budget: this.#budget, late: late.signal, ...(look && { look }) });
    } finally {
      clearTimeout(timer);
    }
  }

  async #readJson(path: string, query: Query, mostBytes = MOST_OF_ONE): Promise<unknown> {
    const bounds = new JsonBounds();
    try {
      const bytes = await this.#readWhole(path, query, mostBytes, (chunk) => bounds.push(chunk));
      return parseJson(bytes.toString());
    } catch (error) {
      if (refusal(error) === undefined) this.#version = undefined;
      throw error;
    }
  }
}

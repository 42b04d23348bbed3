import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { refusalError } from '../../../lib/docker/client.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { parseResponseHead, wordsOfRefusal } from '../response-head.ts';

/** Where the socket leads: what `net.connect` or, with `tls`, `tls.connect` takes. */
export interface PlainTarget {
  readonly socket?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly tls?: object | undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');
/** The longest head, and as much of a refusal's body as is read, in bytes. */
const LARGEST_ANSWER = 64 * 1024;

function open({ socket, host, port, tls }: PlainTarget): Socket {
  if (tls !== undefined) return connectTls({ ...tls, host, port });
  return socket === undefined ? connectPlain({ host, port: port ?? 0 }) : connectPlain(socket);
}

/** One GET over HTTP/1.0, until its body begins. */
class PlainRequest {
  /** The socket, paused at the first byte of the body; undefined where the body comes in chunks. */
  readonly body: Promise<Socket | undefined>;
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  #resolve: (body: Socket | undefined) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  /** What was read of the head; once it is known to be a refusal's, of its body. */
  #received: Buffer = Buffer.alloc(0);
  #refusedStatus: number | undefined;
  readonly #path: string;
  readonly #signal: AbortSignal | undefined;

  constructor(target: PlainTarget, path: string, answerMs: number, signal: AbortSignal | undefined) {
    this.#path = path;
    this.#signal = signal;
    this.body = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#socket = open(target);
    const late = new MonitoringError('NO_ANSWER_WITHIN', { seconds: answerMs / 1000 });
    this.#timer = setTimeout(() => {
      if (this.#refusedStatus !== undefined) this.#ended();
      else if (signal === undefined) this.#fail(late);
    }, answerMs);
    this.#socket.on('data', this.#read).on('end', this.#ended).on('error', this.#fail).on('close', this.#ended);
    signal?.addEventListener('abort', this.#abort);
    if (signal?.aborted) this.#abort();
    this.#socket.write(`GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`);
  }

  #stopListening(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#socket.off('data', this.#read).off('end', this.#ended).off('error', this.#fail).off('close', this.#ended);
  }

  #discardSocket(): void {
    this.#socket.on('error', () => undefined).destroy();
  }

  #fail = (error: unknown): void => {
    this.#stopListening();
    this.#discardSocket();
    this.#reject(error);
  };

  #abort = (): void => this.#fail(new MonitoringError('CLOSED'));

  /** The connection has ended: before the answer was complete, or after a refusal was. */
  #ended = (): void => {
    const status = this.#refusedStatus;
    if (status === undefined) this.#fail(new MonitoringError('ENDED_BEFORE_ANSWER'));
    else this.#fail(refusalError(status, wordsOfRefusal(this.#received.toString()), this.#path));
  };

  #read = (chunk: Buffer): void => {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#refusedStatus === undefined ? this.#received.indexOf(HEAD_END) : -1;
    if (end !== -1) this.#readHead(end);
    else if (this.#received.length > LARGEST_ANSWER) this.#endTooLong();
  };

  /** Of a refusal that does not end the status is known all the same. */
  #endTooLong(): void {
    if (this.#refusedStatus === undefined) this.#fail(new MonitoringError('NOT_HTTP'));
    else this.#ended();
  }

  #readHead(end: number): void {
    const head = parseResponseHead(this.#received.toString('latin1', 0, end));
    const rest = this.#received.subarray(end + HEAD_END.length);
    if (head === undefined) {
      this.#fail(new MonitoringError('NOT_HTTP'));
    } else if (head.status === 200) {
      this.#handOver(rest, head.isChunked);
    } else {
      this.#refusedStatus = head.status;
      this.#received = rest;
    }
  }

  #handOver(rest: Buffer, isChunked: boolean): void {
    this.#stopListening();
    if (isChunked) {
      this.#discardSocket();
      this.#resolve(undefined);
      return;
    }
    // The reader comes a while later: an error that nobody listened for would end the process.
    this.#socket.on('error', () => undefined);
    this.#socket.pause();
    if (rest.length > 0) this.#socket.unshift(rest);
    this.#resolve(this.#socket);
  }
}

/**
 * The body of a GET as the bare socket. An engine sends each log line in an HTTP chunk of its own, and Node.js's parser
 * makes a buffer and a call of each: half of the time that a line costs. To a client that says HTTP/1.0 it sends no
 * chunks (RFC 9112, section 6.1). The price: a body that is cut off looks like one that has ended, so the reader has to
 * ask the engine afterwards. Undefined where something on the way answers in chunks all the same. Rejects with a refusal,
 * with `NO_ANSWER_WITHIN`, `ENDED_BEFORE_ANSWER`, `NOT_HTTP`, or with the error of the system. With a `signal` the head may
 * take any time: the signal ends the wait, with `CLOSED`.
 */
export function openPlainBody(
  target: PlainTarget,
  path: string,
  answerMs: number,
  signal?: AbortSignal,
): Promise<Socket | undefined> {
  return new PlainRequest(target, path, answerMs, signal).body;
}

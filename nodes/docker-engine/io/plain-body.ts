import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { EngineError } from '../../../lib/docker/client.ts';
import { reason } from '../../../lib/errors.ts';

/** Where the socket leads: what `net.connect` or, with `tls`, `tls.connect` takes. */
export interface PlainTarget {
  readonly socket?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly tls?: object | undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LARGEST_HEAD = 64 * 1024;

function open({ socket, host, port, tls }: PlainTarget): Socket {
  if (tls !== undefined) return connectTls({ ...tls, host, port });
  return socket === undefined ? connectPlain({ host, port: port ?? 0 }) : connectPlain(socket);
}

function refused(status: number, body: string): EngineError {
  let words = body.trim();
  try {
    words = (JSON.parse(body) as { message?: string }).message ?? words;
  } catch {
    // Not the engine's own words: those of something between.
  }
  return new EngineError(words || `HTTP status ${status}`, { statusCode: status });
}

/**
 * The body of a GET as the bare socket. An engine sends each log line in an HTTP chunk of its own, and Node.js's parser
 * makes a buffer and a call of each: half of the time that a line costs. To a client that says HTTP/1.0 it sends no
 * chunks (RFC 9112, section 6.1). The price: a body that is cut off looks like one that has ended; whoever reads asks the
 * engine afterwards. Undefined where something on the way answers in chunks all the same. Rejects with `EngineError`.
 */
export function openPlainBody(target: PlainTarget, path: string, answerMs: number): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = open(target);
    let head: Buffer = Buffer.alloc(0);
    let status: number | undefined;

    const settle = (): void => {
      clearTimeout(timer);
      socket.off('data', read).off('end', ended).off('error', failed).off('close', ended);
    };
    const failed = (error: unknown): void => {
      settle();
      socket.on('error', () => undefined).destroy();
      const { code } = error as NodeJS.ErrnoException;
      reject(error instanceof EngineError ? error : new EngineError(reason(error), { code }));
    };
    /** Before the answer was complete, or after a refusal was. */
    const ended = (): void =>
      failed(
        status === undefined
          ? new EngineError('the connection ended before the answer')
          : refused(status, head.toString()),
      );
    const read = (chunk: Buffer): void => {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = status === undefined ? head.indexOf(HEAD_END) : -1;
      if (end === -1) {
        if (head.length > LARGEST_HEAD) failed(new EngineError('what answers there is no HTTP server'));
        return;
      }
      const text = head.toString('latin1', 0, end);
      const rest = head.subarray(end + HEAD_END.length);
      const [, code] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
      if (code === undefined) {
        failed(new EngineError('what answers there is no HTTP server'));
        return;
      }
      if (code !== '200') {
        status = Number(code);
        head = rest;
        return;
      }
      settle();
      if (/^transfer-encoding:.*chunked/im.test(text)) {
        socket.on('error', () => undefined).destroy();
        resolve(undefined);
        return;
      }
      socket.pause();
      if (rest.length > 0) socket.unshift(rest);
      resolve(socket);
    };
    const timer = setTimeout(
      () => failed(new EngineError(`no answer within ${answerMs / 1000} s`, { code: 'NO_ANSWER' })),
      answerMs,
    );
    socket.on('data', read).on('end', ended).on('error', failed).on('close', ended);
    socket.write(`GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`);
  });
}

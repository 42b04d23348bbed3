import type { Socket } from 'node:net';
import { MonitoringError } from '../../../lib/errors.ts';
import {
  ChunkDecoder,
  encodingsOf,
  type Framing,
  framingDeviation,
  framingOf,
  tellsLength,
} from '../answer/framing.ts';
import { HeadReader, type ReadHead } from '../answer/head-reader.ts';
import { headText, type WireRequest } from '../request/wire.ts';
import type { Answer } from './answer.ts';

export interface Http1Options {
  /** The proxy that forwards it is told the whole URL, and these headers. */
  forwarder: { [name: string]: string } | undefined;
  /** Only an answer that keeps to the standard counts. */
  isStrict: boolean;
}

/** Cuts a text that other nodes may see as long as a record takes it. */
const MOST_SHOWN = 100;

type Chunks = AsyncIterator<Uint8Array>;

async function readHead(chunks: Chunks): Promise<ReadHead> {
  const reader = new HeadReader();
  for (;;) {
    const { done, value } = await chunks.next();
    if (done === true) throw new MonitoringError('ENDED_BEFORE_ANSWER');
    const head = reader.push(value);
    if (head !== undefined) return head;
  }
}

/** What of a chunk is body, and whether that was the last of it. */
type Take = (chunk: Uint8Array) => { parts: readonly Uint8Array[]; isLast: boolean };

function takerOf(framing: Framing): Take {
  if (framing.kind === 'chunked') {
    const decoder = new ChunkDecoder();
    return (chunk) => ({ parts: decoder.push(chunk), isLast: decoder.isDone });
  }
  if (framing.kind === 'close') return (chunk) => ({ parts: [chunk], isLast: false });
  let left = framing.kind === 'length' ? framing.bytes : 0;
  return (chunk) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    return { parts: [part], isLast: left === 0 };
  };
}

async function* bodyOf(chunks: Chunks, rest: Uint8Array, framing: Framing): Answer['body'] {
  const take = takerOf(framing);
  for (let chunk = rest; ; ) {
    const { parts, isLast } = take(chunk);
    for (const part of parts) if (part.length > 0) yield part;
    if (isLast) return undefined;
    const { done, value } = await chunks.next();
    if (done === true) {
      if (framing.kind === 'close') return undefined;
      throw new MonitoringError('BODY_CUT_SHORT');
    }
    chunk = value;
  }
}

/**
 * Sends the request over a connection of its own and waits for the head of its answer (HTTP/1.1). Rejects with the error of
 * the socket, or of what reads heads and lengths; with `ANSWER_NOT_STANDARD` where that is demanded.
 */
export async function exchangeHttp1(
  socket: Socket,
  request: WireRequest,
  { forwarder, isStrict }: Http1Options,
): Promise<Answer> {
  const chunks: Chunks = socket.iterator({ destroyOnReturn: false });
  socket.write(headText(request, forwarder !== undefined, forwarder ?? {}), 'latin1');
  if (request.body !== undefined && request.body.length > 0) socket.write(request.body);
  const head = await readHead(chunks);
  const deviation = head.deviation ?? framingDeviation(head);
  if (isStrict && deviation !== undefined)
    throw new MonitoringError('ANSWER_NOT_STANDARD', { where: deviation.slice(0, MOST_SHOWN) });
  const framing = framingOf(request.method, head);
  const { code, fields, rest } = head;
  return {
    code,
    fields,
    body: bodyOf(chunks, rest, framing),
    encodings: encodingsOf(head),
    hasLength: tellsLength(head),
  };
}

import type { Readable } from 'node:stream';
import type { ByteBudget } from '../../../lib/byte-budget.ts';
import { MonitoringError } from '../../../lib/errors.ts';

const MEBIBYTE = 1024 * 1024;

/** Of the body of a refusal so much is read, in bytes; the words in it count up to here even where it does not end. */
const MOST_OF_REFUSAL = 64 * 1024;
/** How long the words of a refusal may take once its status is here, in milliseconds. */
const REFUSAL_MS = 2_000;

export interface WholeBodyOptions {
  /** The longest body, in bytes. */
  readonly mostBytes: number;
  /** What all bodies that are read at the same time may take. */
  readonly budget: ByteBudget;
  /** Aborts when the time is up, with the error as its reason. */
  readonly late: AbortSignal;
  /** Sees each chunk. It may throw: that ends the reading. */
  look?(chunk: Buffer): void;
}

/**
 * A body as a whole. Rejects with `ANSWER_TOO_LARGE`, with what `look` throws, with the reason of `late` where it has not
 * ended in time, however busily it is sent, and with the error of the body. The body is destroyed then.
 */
export async function readWholeBody(body: Readable, options: WholeBodyOptions): Promise<Buffer> {
  const { mostBytes, budget, look, late } = options;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = (): unknown => body.destroy(late.reason);
  late.addEventListener('abort', end);
  if (late.aborted) end();
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (bytes + chunk.length > mostBytes) throw tooLarge(mostBytes);
      if (!budget.take(chunk.length)) throw tooLarge(budget.most);
      bytes += chunk.length;
      chunks.push(chunk);
      look?.(chunk);
    }
    return Buffer.concat(chunks, bytes);
  } finally {
    late.removeEventListener('abort', end);
    budget.release(bytes);
    body.destroy();
  }
}

function tooLarge(bytes: number): MonitoringError {
  return new MonitoringError('ANSWER_TOO_LARGE', { mebibytes: bytes / MEBIBYTE });
}

/** The beginning of the body of a refusal: the status is known, so that nothing that is wrong with it is an error. */
export async function readRefusal(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => body.destroy(), REFUSAL_MS);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MOST_OF_REFUSAL) break;
    }
  } catch {
    // It broke off, or took too long.
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
  return Buffer.concat(chunks).toString('utf8', 0, MOST_OF_REFUSAL);
}

import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { MonitoringError } from '../../../lib/errors.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import type { TextSearch } from '../answer/text-search.ts';
import type { Answer } from './answer.ts';

export interface Body {
  /** Decompressed, at most `limit` bytes. */
  body: Buffer;
  /** As they came over the wire. */
  bytes: number;
  /** There is more of it than `body` has. */
  truncated: boolean;
  isKeywordFound?: boolean;
  /** There is more of it than was looked through. */
  isUnsearched?: boolean;
  /** It was waited so long, in ms, for the end of a stream that had shown what was looked for. */
  waitedMs: number;
}

export interface BodyOptions {
  /** Bytes to keep. */
  limit: number;
  search: TextSearch | undefined;
  /** How long, in ms, an answer without an end may go on once it has what is looked for. */
  graceMs(): number;
}

/** What is looked for is looked for beyond the limit, in so many bytes. */
const MOST_SEARCHED = 16 * 1024 * 1024;
/** As many encodings as curl undoes. */
const MOST_ENCODINGS = 5;

type Chunks = AsyncGenerator<Uint8Array, undefined, undefined>;

/** Raw deflate is what some servers send for "deflate", which is meant to have the header of zlib (RFC 9110, 8.4.1.2). */
function isRawDeflate([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) !== 8 || (first * 256 + second) % 31 !== 0;
}

/** What undoes an encoding; undefined where it is unknown, or none. `start` are the first bytes in it. */
function decompressor(encoding: string, start: Uint8Array): Transform | undefined {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return isRawDeflate(start) ? zlib.createInflateRaw() : zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      // Node.js 20 has none.
      return zlib.createZstdDecompress?.();
    default:
      return undefined;
  }
}

/** The first bytes of a body, at least two where it has them, and the whole body again. */
async function peek(source: Chunks): Promise<{ start: Buffer; whole: Chunks }> {
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const { done, value } = await source.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  const whole = async function* (): Chunks {
    if (start.length > 0) yield start;
    yield* source;
    return undefined;
  };
  return { start, whole: whole() };
}

/** Undoes one encoding. Without a byte there is nothing to undo, whatever was announced. */
async function* decode(source: Chunks, encoding: string): Chunks {
  const { start, whole } = await peek(source);
  const transform = start.length === 0 ? undefined : decompressor(encoding, start);
  if (transform === undefined) {
    yield* whole;
    return undefined;
  }
  // The callback only keeps the error from being thrown: reading the last stream tells it too.
  pipeline(Readable.from(whole, { objectMode: false }), transform, () => undefined);
  for await (const chunk of transform as AsyncIterable<Uint8Array>) yield chunk;
  return undefined;
}

/** Reads a body as far as it is asked for. */
class BodyReader {
  readonly #answer: Answer;
  readonly #options: BodyOptions;
  readonly #chunks: Uint8Array[] = [];
  #wireBytes = 0;
  #size = 0;
  #foundAtMs: number | undefined;
  #graceMs = 0;

  constructor(answer: Answer, options: BodyOptions) {
    this.#answer = answer;
    this.#options = options;
  }

  async read(): Promise<Body> {
    const source = this.#decoded();
    try {
      for (;;) {
        const step = await this.#next(source);
        if (step === undefined) return this.#result(true, performance.now() - (this.#foundAtMs ?? 0));
        if (step.done === true) return this.#result(false, 0);
        if (!this.#take(step.value)) return this.#result(true, 0);
      }
    } finally {
      // What is left of the body is not waited for.
      void source.return(undefined).catch(() => undefined);
    }
  }

  #decoded(): Chunks {
    const { encodings } = this.#answer;
    if (encodings.length > MOST_ENCODINGS) throw new MonitoringError('TOO_MANY_ENCODINGS', { most: MOST_ENCODINGS });
    return encodings.reduceRight(decode, this.#counted());
  }

  async *#counted(): Chunks {
    for await (const chunk of this.#answer.body) {
      this.#wireBytes += chunk.length;
      yield chunk;
    }
    return undefined;
  }

  /** The next part; undefined where a stream has shown what was looked for, and does not end. */
  #next(source: Chunks): Promise<IteratorResult<Uint8Array, undefined> | undefined> {
    const next = source.next();
    if (this.#foundAtMs === undefined || this.#answer.hasLength) return next;
    next.catch(() => undefined);
    const leftMs = Math.max(0, this.#foundAtMs + this.#graceMs - performance.now());
    return withTimeout<IteratorResult<Uint8Array, undefined> | undefined>(next, leftMs, () => undefined);
  }

  /** Keeps a part, up to the limit, and looks through it. Returns whether more is wanted. */
  #take(chunk: Uint8Array): boolean {
    const { limit, search, graceMs } = this.#options;
    if (this.#size < limit) this.#chunks.push(chunk.subarray(0, limit - this.#size));
    this.#size += chunk.length;
    if (search !== undefined && this.#foundAtMs === undefined && search.push(chunk)) {
      this.#foundAtMs = performance.now();
      this.#graceMs = graceMs();
    }
    if (this.#size <= limit) return true;
    return search !== undefined && !search.isFound && this.#size < MOST_SEARCHED;
  }

  #result(isLeft: boolean, waitedMs: number): Body {
    const { limit, search } = this.#options;
    const body = Buffer.concat(this.#chunks);
    const found =
      search === undefined ? {} : { isKeywordFound: search.isFound, isUnsearched: isLeft && !search.isFound };
    return { body, bytes: this.#wireBytes, truncated: isLeft || this.#size > limit, ...found, waitedMs };
  }
}

/**
 * Reads the body, undoes its encodings, and stops at the limit, or where a text is looked for once that is told. Rejects when
 * it ends before its end or cannot be decompressed.
 */
export function readBody(answer: Answer, options: BodyOptions): Promise<Body> {
  return new BodyReader(answer, options).read();
}

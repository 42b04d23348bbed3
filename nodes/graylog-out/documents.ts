import type { RingInput } from '../../lib/ring.ts';

type Settled = (error?: Error, document?: string) => void;

/** The part of `graylog-server` that takes many documents at once. */
export interface ManyTaker {
  shipAll(text: string, count: number, port: number | undefined, done: Settled): void;
}

/** Where a document goes, and what of its record tells its source. */
export interface Destination {
  readonly port: number | undefined;
  readonly logType: unknown;
  readonly stream: unknown;
  readonly container: unknown;
}

/** About as many characters go at once: more than a frame holds would be taken apart again. */
const MOST_UNITS = 49_152;
const END = '\0';

/** Gathers documents that go the same way, and hands them on together. */
export class Documents {
  readonly #server: ManyTaker;
  readonly #ring: Pick<RingInput, 'keep'>;
  readonly #settled: Settled;
  #text = '';
  #lengths: number[] = [];
  #port: number | undefined;
  #logType: unknown;
  #stream: unknown;
  #container: unknown;

  constructor(server: ManyTaker, ring: Pick<RingInput, 'keep'>, settled: Settled) {
    this.#server = server;
    this.#ring = ring;
    this.#settled = settled;
  }

  add(document: string, { port, logType, stream, container }: Destination): void {
    const isSame = logType === this.#logType && stream === this.#stream && container === this.#container;
    if (!isSame || port !== this.#port || this.#text.length + document.length > MOST_UNITS) {
      this.flush();
      this.#port = port;
      this.#logType = logType;
      this.#stream = stream;
      this.#container = container;
    }
    this.#text += document + END;
    this.#lengths.push(document.length);
  }

  /** Hands on what was gathered. */
  flush(): void {
    const text = this.#text;
    if (text === '') return;
    const lengths = this.#lengths;
    this.#text = '';
    this.#lengths = [];
    this.#server.shipAll(text, lengths.length, this.#port, this.#settled);
    this.#ring.keep?.(text, this.#logType, this.#stream, this.#container, lengths);
  }
}

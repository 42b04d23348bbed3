import { containerNameOf } from '../../lib/pods/record-name.ts';
import type { InfraRecord } from '../../lib/record.ts';
import type { RingInput } from '../../lib/ring.ts';

type Settled = (error?: Error, document?: string) => void;

/** The part of `graylog-server` that takes many documents at once. */
export interface ManyTaker {
  shipAll(documents: Buffer, count: number, port: number | undefined, done: Settled): void;
}

export interface DocumentWriter<Of> {
  /** What follows is of these, in their order. */
  begin(all: readonly Of[]): void;
  /** Writes a document into memory from `at` on, and gives where it ends; -1 where there is no room, or it cannot. */
  write(of: Of, memory: Buffer, at: number): number;
}

/** Where a document goes, and what of its record tells its source. */
export interface Destination {
  readonly port: number | undefined;
  readonly logType: unknown;
  readonly stream: unknown;
  readonly container: unknown;
}

/** Tells where records go. Neighbours mostly go the same way, and are told the very same. */
export class Destinations {
  readonly #portOf: (logType: unknown) => number | undefined;
  #last: Destination | undefined;

  constructor(portOf: (logType: unknown) => number | undefined) {
    this.#portOf = portOf;
  }

  of(record: InfraRecord): Destination {
    const { log_type: logType, stream } = record;
    const container = containerNameOf(record);
    const last = this.#last;
    if (logType === last?.logType && stream === last?.stream && container === last?.container && last !== undefined)
      return last;
    this.#last = { port: this.#portOf(logType), logType, stream, container };
    return this.#last;
  }
}

/** So many bytes go at once: more than a frame holds would be taken apart again. */
const MOST_BYTES = 114_688;
/** What is left when it is nearly full still has room for a usual document. */
const MEMORY_BYTES = 196_608;
const END = 0;

/** Gathers documents that go the same way, each followed by a NUL, and hands them on together. */
export class Documents<Of> {
  readonly #writer: DocumentWriter<Of>;
  readonly #server: ManyTaker;
  readonly #ring: Pick<RingInput, 'keep'>;
  readonly #settled: Settled;
  readonly #memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  #end = 0;
  #lengths: number[] = [];
  #to: Destination = { port: undefined, logType: undefined, stream: undefined, container: undefined };

  constructor(writer: DocumentWriter<Of>, server: ManyTaker, ring: Pick<RingInput, 'keep'>, settled: Settled) {
    this.#writer = writer;
    this.#server = server;
    this.#ring = ring;
    this.#settled = settled;
  }

  /** What is added until `end()` are documents of these, in their order. */
  begin(all: readonly Of[]): void {
    this.#writer.begin(all);
  }

  /** Hands on what was gathered. */
  end(): void {
    this.#writer.begin([]);
    this.flush();
  }

  /** Adds the document of a record. False where it cannot be written here. */
  add(of: Of, to: Destination): boolean {
    if (this.#end > MOST_BYTES || !isSame(to, this.#to)) this.flush();
    const start = this.#end;
    const end = this.#writer.write(of, this.#memory, start);
    if (end < 0) return false;
    this.#to = to;
    this.#memory[end] = END;
    this.#end = end + 1;
    this.#lengths.push(end - start);
    return true;
  }

  /** Hands on what was gathered. */
  flush(): void {
    const lengths = this.#lengths;
    if (lengths.length === 0) return;
    const { port, logType, stream, container } = this.#to;
    const documents = this.#memory.subarray(0, this.#end);
    this.#end = 0;
    this.#lengths = [];
    this.#server.shipAll(documents, lengths.length, port, this.#settled);
    this.#ring.keep?.(documents, logType, stream, container, lengths);
  }
}

function isSame(one: Destination, other: Destination): boolean {
  if (one === other) return true;
  const isOfSource = one.stream === other.stream && one.container === other.container;
  return isOfSource && one.logType === other.logType && one.port === other.port;
}

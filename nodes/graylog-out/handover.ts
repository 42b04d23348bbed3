import { errorCode } from '../../lib/errors.ts';
import { recordOf } from '../../lib/gelf-record.ts';

type Settled = (error?: Error, document?: string) => void;

/** The part of `graylog-server` that takes documents. */
export interface Taker {
  ship(document: string, eventId: unknown, port: number | undefined, done: Settled): void;
}

/**
 * Hands documents to a server. A busy server has thousands on their way that its peer has not confirmed. Node-RED's `done`
 * holds the msg: with it thousands of msgs would outlive several collections, which doubles what each of them costs. So where
 * nobody watches for a msg to be done with (`isWatched`), Node-RED hears it as soon as the server has taken the document. A
 * failure after that goes to `onLost`, with the record as it is read back from the document. What a full buffer drops comes in
 * floods: nobody who does not watch is told of each; the server tells how many.
 */
export class Handover {
  readonly #server: Taker;
  readonly #isWatched: () => boolean;
  /** The document that is handed over in this very moment, and what is to be called for it. */
  #document = '';
  #done: ((error?: unknown) => void) | undefined;
  /** What is called for a document when nothing waits for it any more. */
  readonly settled: Settled;

  constructor(server: Taker, isWatched: () => boolean, onLost: (error: Error, record: object) => void) {
    this.#server = server;
    this.#isWatched = isWatched;
    this.settled = (error, document = '') => {
      // The server may settle another message in the same moment.
      if (this.#done !== undefined && document === this.#document) this.#settle(isCounted(error) ? undefined : error);
      else if (error !== undefined && !isCounted(error)) onLost(error, recordOf(document));
    };
  }

  /** `done` is called once, with an error where the server refuses the document at once. */
  ship(document: string, eventId: unknown, port: number | undefined, done: (error?: unknown) => void): void {
    if (this.#isWatched()) {
      this.#server.ship(document, eventId, port, done);
      return;
    }
    this.#document = document;
    this.#done = done;
    try {
      this.#server.ship(document, eventId, port, this.settled);
      this.#settle();
    } finally {
      this.#done = undefined;
    }
  }

  #settle(error?: Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(error);
  }
}

function isCounted(error: Error | undefined): boolean {
  return error !== undefined && errorCode(error) === 'BUFFER_FULL';
}

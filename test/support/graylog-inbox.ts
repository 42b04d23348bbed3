import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { brokenRules } from './gelf-rules.ts';
import { PATIENCE_MS } from './until.ts';

export type Document = { [field: string]: string | number };

/** A GELF input that takes what Graylog's takes and remembers every rule that was broken. */
export interface Receiver {
  readonly port: number;
  readonly documents: Document[];
  /** What Graylog would have rejected, dropped or lost. A test ends with none. */
  readonly faults: string[];
  /** Connections (TCP) that were made. */
  readonly connections: number;
  /** Connections (TCP) that are open now. */
  readonly open: number;
  /** Connections (TCP) that ended with a reset from the other side. */
  readonly broken: number;
  /** The documents once `test` holds for them; rejects after `ms`. */
  until(test: (documents: readonly Document[]) => boolean, ms?: number): Promise<readonly Document[]>;
  /** The first document that `test` holds for. */
  find(test: (document: Document) => boolean, ms?: number): Promise<Document>;
  /** Resets every open TCP connection. */
  reset(): void;
  /** Stops reading from every connection, now and later; `false` goes on. */
  stall(stalled: boolean): void;
  close(): Promise<void>;
}

/** The documents that a receiver took, and what was wrong with the others. */
export class Inbox {
  readonly documents: Document[] = [];
  readonly faults: string[] = [];
  readonly changed = new EventEmitter();

  take(text: string): void {
    const broken = brokenRules(text);
    if (broken.length > 0) this.faults.push(...broken.map((rule) => `${rule} in ${text.slice(0, 200)}`));
    else this.documents.push(JSON.parse(text) as Document);
    this.changed.emit('document');
  }

  fault(text: string): void {
    this.faults.push(text);
    this.changed.emit('document');
  }

  async until(test: (documents: readonly Document[]) => boolean, ms: number): Promise<readonly Document[]> {
    const signal = AbortSignal.timeout(ms);
    while (!test(this.documents)) {
      try {
        await once(this.changed, 'document', { signal });
      } catch {
        const last = JSON.stringify(this.documents.at(-1));
        throw new Error(`not within ${ms} ms; ${this.documents.length} documents, faults ${this.faults}, last ${last}`);
      }
    }
    return this.documents;
  }
}

/** What becomes of the connections of a receiver. */
export interface State {
  connections: number;
  broken: number;
  stalled: boolean;
}

export function receiver(
  inbox: Inbox,
  port: number,
  sockets: Set<Socket>,
  state: State,
  close: () => Promise<void>,
): Receiver {
  return {
    port,
    documents: inbox.documents,
    faults: inbox.faults,
    get connections() {
      return state.connections;
    },
    get open() {
      return sockets.size;
    },
    get broken() {
      return state.broken;
    },
    until: (test, ms = PATIENCE_MS) => inbox.until(test, ms),
    async find(test, ms = PATIENCE_MS) {
      const documents = await inbox.until((all) => all.some(test), ms);
      return documents.find(test) as Document;
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    stall(stalled) {
      state.stalled = stalled;
      for (const socket of sockets) stalled ? socket.pause() : socket.resume();
    },
    close,
  };
}

import type { Readable } from 'node:stream';
import type { DockerClient, Query } from '../docker/client.ts';
import { parseEvent, type TimedEvent } from '../docker/events.ts';
import { MonitoringError } from '../errors.ts';
import { wait } from './wait.ts';
import { watchEngine } from './watch-engine.ts';

const MEBIBYTE = 1024 * 1024;
/** The longest line, in characters: an event with its labels has a few thousand. */
const LONGEST_LINE = MEBIBYTE;

/** How long the headers of a stream are waited for, in milliseconds: Podman 5.2 sends none before the first event. */
const HEADERS_MS = 2_000;

/** Cuts a text that comes in parts into lines. Only a new part is searched: a line may come in a thousand of them. */
class LineCutter {
  #rest = '';

  /** The lines that are complete now, but for empty ones. Throws `EVENT_TOO_LARGE`. */
  push(text: string): string[] {
    const end = text.lastIndexOf('\n');
    if (end === -1) {
      this.#rest += text;
      this.#checkLength();
      return [];
    }
    const lines = text.slice(0, end).split('\n');
    lines[0] = this.#rest + lines[0];
    this.#rest = text.slice(end + 1);
    this.#checkLength();
    return lines.filter((line) => line.trim() !== '');
  }

  #checkLength(): void {
    if (this.#rest.length > LONGEST_LINE)
      throw new MonitoringError('EVENT_TOO_LARGE', { mebibytes: LONGEST_LINE / MEBIBYTE });
  }
}

/**
 * Hands on the events of a stream, those of one read together, with how many characters were read. Resolves when the stream ends. Rejects with
 * `EVENT_STREAM_BROKEN` when it breaks off, with its error, with `EVENT_MALFORMED` or `EVENT_TOO_LARGE`; the stream is
 * destroyed then.
 */
export function readEvents(body: Readable, heard: (events: TimedEvent[], characters: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const cutter = new LineCutter();
    body.setEncoding('utf8');
    body.on('data', (text: string) => {
      try {
        heard(cutter.push(text).map(parseEvent), text.length);
      } catch (error) {
        body.destroy();
        reject(error);
      }
    });
    body.once('end', resolve);
    body.once('error', reject);
    body.once('close', () => reject(new MonitoringError('EVENT_STREAM_BROKEN')));
  });
}

export interface EventSessionOptions {
  readonly client: DockerClient;
  /** The parameters of `GET /events`. With `since` the stream begins with what the engine remembers. */
  readonly query: Query;
  heard(events: TimedEvent[], characters: number): void;
  /** Asked now and then while the stream is open; the session ends where it rejects. */
  check(): Promise<unknown>;
  /** Tells what the stream does not; `opened` resolves when the stream is open, or when that is waited for no longer. */
  catchUp(opened: Promise<void>): Promise<void>;
  /** Everything up to now is told. */
  established(): void;
}

/**
 * Listens to the events of an engine until `signal` aborts, which must happen in the end. Always rejects: with why the
 * stream ended, or why the engine could not be asked.
 */
export async function listenToEvents(options: EventSessionOptions, signal: AbortSignal): Promise<never> {
  const { client, query, heard, check, catchUp, established } = options;
  // Of its own: the session ends also where the engine does not answer its check.
  const session = new AbortController();
  const end = (): void => session.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    const opening = client.stream('/events', query, session.signal);
    const live = opening.then((body) => readToItsEnd(body, heard, session.signal));
    const checked = failedCheck(check, session.signal);
    // Nobody waits for them while the past is told, and nobody does any more where telling it failed.
    for (const promise of [live, checked]) promise.catch(() => undefined);
    const patience = wait(HEADERS_MS, session.signal);
    const opened = Promise.race([opening.then(() => undefined), patience]);
    await Promise.race([Promise.all([catchUp(opened), opened]), live, checked]);
    if (!session.signal.aborted) established();
    return await Promise.race([live, checked]);
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

async function readToItsEnd(body: Readable, heard: EventSessionOptions['heard'], signal: AbortSignal): Promise<never> {
  const end = (): unknown => body.destroy();
  signal.addEventListener('abort', end);
  const read = readEvents(body, heard);
  if (signal.aborted) end();
  await read;
  throw new MonitoringError('EVENT_STREAM_ENDED');
}

/** Rejects with the first check that fails; never settles else. */
function failedCheck(ask: () => Promise<unknown>, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    void watchEngine({ ask, lost: reject }, signal);
  });
}

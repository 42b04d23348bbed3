import type { Readable } from 'node:stream';
import type { DockerClient, Query } from '../docker/client.ts';
import { parseEvent, type TimedEvent } from '../docker/events.ts';
import { MonitoringError } from '../errors.ts';
import { watchEngine } from './watch-engine.ts';

const MEBIBYTE = 1024 * 1024;
/** The longest line, in characters: an event with its labels has a few thousand. */
const LONGEST_LINE = MEBIBYTE;

/** How long the events of the past may take, in milliseconds: the engine has them in memory, 256 of them. */
const PAST_MS = 20_000;

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

/**
 * Hands on what the engine remembers, as `query` has it. Rejects as `readEvents` and the client do, and with
 * `NO_ANSWER_WITHIN` where the past has no end.
 */
export async function readPastEvents(
  client: DockerClient,
  query: Query,
  heard: (events: TimedEvent[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const body = await client.stream('/events', query);
  const end = (): unknown => body.destroy();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const late = new MonitoringError('NO_ANSWER_WITHIN', { seconds: PAST_MS / 1000 });
  const timer = setTimeout(() => body.destroy(late), PAST_MS);
  try {
    await readEvents(body, heard);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

export interface EventSessionOptions {
  readonly client: DockerClient;
  /** The parameters of `GET /events`. */
  readonly query: Query;
  heard(events: TimedEvent[], characters: number): void;
  /** Asked now and then while the stream is open; the session ends where it rejects. */
  check(): Promise<unknown>;
  /** Tells what the stream does not, once it is open. */
  catchUp(): Promise<void>;
  /** Everything up to now is told. */
  established(): void;
}

/**
 * Listens to the events of an engine until `signal` aborts, which must happen in the end. Always rejects: with why the
 * stream ended, or why the engine could not be asked.
 */
export async function listenToEvents(options: EventSessionOptions, signal: AbortSignal): Promise<never> {
  const body = await options.client.stream('/events', options.query);
  const end = (error?: unknown): void => {
    body.destroy(error instanceof Error ? error : undefined);
  };
  const live = readEvents(body, options.heard).then((): never => {
    throw new MonitoringError('EVENT_STREAM_ENDED');
  });
  // Nobody waits for it while the past is told, and nobody does any more where telling it failed.
  live.catch(() => undefined);
  signal.addEventListener('abort', () => end());
  if (signal.aborted) end();
  else {
    void watchEngine({ ask: options.check, lost: end }, signal);
    await Promise.race([options.catchUp(), live]);
    options.established();
  }
  return live;
}

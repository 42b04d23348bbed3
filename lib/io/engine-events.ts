import type { Readable } from 'node:stream';
import type { DockerClient, Query } from '../docker/client.ts';
import { parseEvent, type TimedEvent } from '../docker/events.ts';
import { MonitoringError } from '../errors.ts';
import { watchEngine } from './watch-engine.ts';

/**
 * Hands on the events of a stream, those of one read together. Resolves when the stream ends. Rejects with
 * `EVENT_STREAM_BROKEN` when it breaks off, with its error, or with `EVENT_MALFORMED`; the stream is destroyed then.
 */
export function readEvents(body: Readable, heard: (events: TimedEvent[]) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = '';
    body.setEncoding('utf8');
    body.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      try {
        heard(lines.filter((line) => line.trim() !== '').map(parseEvent));
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
  /** The parameters of `GET /events`. */
  readonly query: Query;
  heard(events: TimedEvent[]): void;
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

/** The engine's event stream: JSON objects, a line each. Source: https://docs.docker.com/reference/api/engine/ (SystemEvents) */

import type { Readable } from 'node:stream';
import type { EngineEvent } from './api.ts';
import type { ContainerIdentity } from './filter.ts';

/** An event with its time in nanoseconds since the epoch, all digits of it. */
export interface TimedEvent {
  readonly event: EngineEvent;
  readonly nanos: string;
  /** Said where the engine did not tell it: it was found by comparing with the list of containers. */
  readonly isFound?: true;
}

/** The event in one line of the stream. Throws a SyntaxError where it is none. */
export function parseEvent(line: string): TimedEvent {
  const event = JSON.parse(line) as EngineEvent;
  if (typeof event?.Type !== 'string' || typeof event.Action !== 'string' || typeof event.Actor?.ID !== 'string')
    throw new SyntaxError('a line of the event stream is no event');
  // The number has more digits than JSON.parse keeps. Inside a string its quotes would be escaped.
  const nanos = /"timeNano":\s*(\d+)/.exec(line)?.[1] ?? `${Math.trunc(event.time)}000000000`;
  return { event, nanos };
}

/** `health_status: healthy` and `exec_start: sh -c …` begin with the action; what follows is its detail. */
export function actionOf(event: EngineEvent): string {
  const colon = event.Action.indexOf(':');
  return colon === -1 ? event.Action : event.Action.slice(0, colon);
}

export function actionDetail(event: EngineEvent): string | undefined {
  const colon = event.Action.indexOf(':');
  return colon === -1 ? undefined : event.Action.slice(colon + 1).trim();
}

/** The same for the same event, however often it is read. A container is destroyed once, at a time that a comparison does not know. */
export function eventId({ event, nanos, isFound }: TimedEvent): string {
  const action = actionOf(event);
  const time = isFound && action === 'destroy' ? 'found' : nanos;
  return `${event.Type}-${action}-${event.Actor.ID}-${time}`;
}

/** The container of a container's event: its labels stand among the attributes. */
export function containerOf(event: EngineEvent): ContainerIdentity {
  const labels = event.Actor.Attributes ?? {};
  return { id: event.Actor.ID, name: labels.name ?? '', image: labels.image ?? '', labels };
}

/**
 * Hands on the events of a stream, those of one read together. Resolves when the stream ends, rejects when it breaks
 * off or is no event stream; the stream is destroyed then.
 */
export function followEvents(body: Readable, heard: (events: TimedEvent[]) => void): Promise<void> {
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
    body.once('close', () => reject(new Error('the event stream broke off')));
  });
}

import type { EngineEvent } from '../../lib/docker/api.ts';
import { parseEvent } from '../../lib/docker/events.ts';

export const ID = 'a'.repeat(64);
export const NANOS = '1795456800123456789';

/** A line of the event stream, of the container `ID` at `NANOS`. */
export function eventLine(action: string, attributes: object = {}, more: object = {}): string {
  const event = { Type: 'container', Action: action, Actor: { ID, Attributes: attributes }, time: 1795456800, ...more };
  return `${JSON.stringify(event).slice(0, -1)},"timeNano":${NANOS}}`;
}

export function eventOf(action: string, attributes: object = {}, more: object = {}): EngineEvent {
  return parseEvent(eventLine(action, attributes, more)).event;
}

/** Nanoseconds since the epoch, `second` seconds after an arbitrary start. */
export function nanosAt(second: number, nano = 0): string {
  return `${1795456800 + second}${String(nano).padStart(9, '0')}`;
}

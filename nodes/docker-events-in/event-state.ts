import { asObject, asText, asTexts, textMembers } from '../../lib/docker/json.ts';
import type { EventPosition } from './event-position.ts';
import type { KnownContainer, KnownContainers } from './inventory.ts';

/** What is kept over a restart. */
export interface EventState {
  readonly position: EventPosition;
  readonly containers: KnownContainers;
}

/** Digits of nanoseconds since the epoch. */
function parseNanos(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && /^\d+$/.test(text) ? text : undefined;
}

function parsePosition(value: unknown): EventPosition | undefined {
  const position = asObject(value);
  const nanos = parseNanos(position?.nanos);
  const first = parseNanos(position?.first);
  const ids = asTexts(position?.ids);
  return nanos === undefined || first === undefined || ids === undefined ? undefined : { nanos, first, ids };
}

function parseContainer(value: unknown): KnownContainer | undefined {
  const container = asObject(value);
  const name = asText(container?.name);
  const image = asText(container?.image);
  const seen = parseNanos(container?.seen);
  const running = container?.running;
  if (name === undefined || image === undefined || seen === undefined || typeof running !== 'boolean') return undefined;
  return { name, image, labels: textMembers(container?.labels), running, seen };
}

/** The state in a state file; undefined where it is none that this version wrote. */
export function parseEventState(value: unknown): EventState | undefined {
  const state = asObject(value);
  const position = parsePosition(state?.position);
  const saved = asObject(state?.containers);
  if (position === undefined || saved === undefined) return undefined;
  const containers: KnownContainers = {};
  for (const [id, entry] of Object.entries(saved)) {
    const container = parseContainer(entry);
    if (container === undefined) return undefined;
    containers[id] = container;
  }
  return { position, containers };
}

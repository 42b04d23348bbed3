import { asObject, asText, asTexts, textMembers } from '../../lib/docker/json.ts';
import { parseSavedNanos } from '../../lib/docker/saved-time.ts';
import type { EventPosition } from './event-position.ts';
import type { KnownContainer, KnownContainers } from './inventory.ts';

/** What is kept over a restart. */
export interface EventState {
  readonly position: EventPosition;
  readonly containers: KnownContainers;
}

function parsePosition(value: unknown, nowMs: number): EventPosition | undefined {
  const position = asObject(value);
  const nanos = parseSavedNanos(position?.nanos, nowMs);
  const first = parseSavedNanos(position?.first, nowMs);
  const ids = asTexts(position?.ids);
  return nanos === undefined || first === undefined || ids === undefined ? undefined : { nanos, first, ids };
}

function parseContainer(value: unknown, nowMs: number): KnownContainer | undefined {
  const container = asObject(value);
  const name = asText(container?.name);
  const image = asText(container?.image);
  const seen = parseSavedNanos(container?.seen, nowMs);
  const running = container?.running;
  if (name === undefined || image === undefined || seen === undefined || typeof running !== 'boolean') return undefined;
  const claims = asTexts(container?.claims);
  const health = asText(container?.health);
  return {
    name,
    image,
    labels: textMembers(container?.labels),
    ...(claims === undefined ? {} : { claims }),
    ...(health === undefined ? {} : { health }),
    running,
    ...(container?.isAsked === true && { isAsked: true }),
    seen,
  };
}

/** The state in a state file; undefined where it is none that this version wrote, or is of a time after `nowMs`. */
export function parseEventState(value: unknown, nowMs: number): EventState | undefined {
  const state = asObject(value);
  const position = parsePosition(state?.position, nowMs);
  const saved = asObject(state?.containers);
  if (position === undefined || saved === undefined) return undefined;
  const containers: KnownContainers = {};
  for (const [id, entry] of Object.entries(saved)) {
    const container = parseContainer(entry, nowMs);
    if (container === undefined) return undefined;
    containers[id] = container;
  }
  return { position, containers };
}

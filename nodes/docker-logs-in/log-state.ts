import { asObject, type JsonObject } from '../../lib/docker/json.ts';
import { isPlausibleStamp, parseSavedNanos } from '../../lib/docker/saved-time.ts';
import { parsePosition as parseFilePosition } from '../../lib/file/position.ts';
import type { FilePlace, LogPosition, StreamPosition } from './position.ts';
import { LogProgress } from './progress.ts';

/** What is kept over a restart. */
export interface LogState {
  /** When this node began to watch, in nanoseconds since the epoch: older lines are not read. */
  readonly first: string;
  readonly positions: { readonly [containerId: string]: LogPosition };
}

/** A member that may be absent; undefined where it is there and is none. */
type Member<T> = { readonly value: T | undefined } | undefined;

function optionalText(value: unknown): Member<string> {
  return value === undefined || typeof value === 'string' ? { value } : undefined;
}

function optionalStamp(value: unknown, nowMs: number): Member<string> {
  return value === undefined || isPlausibleStamp(value, nowMs) ? { value } : undefined;
}

function optionalStream(value: unknown, nowMs: number): Member<StreamPosition> {
  if (value === undefined) return { value };
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [stamp, count]: unknown[] = value;
  if (!isPlausibleStamp(stamp, nowMs) || !Number.isSafeInteger(count) || (count as number) < 0) return undefined;
  return { value: [stamp, count as number] };
}

function parseFilePlace(saved: JsonObject | undefined, nowMs: number): FilePlace | undefined {
  const position = parseFilePosition(saved?.position, nowMs);
  const out = optionalStream(saved?.out, nowMs);
  const err = optionalStream(saved?.err, nowMs);
  return position && out && err ? { position, out: out.value, err: err.value } : undefined;
}

function parsePosition(saved: JsonObject | undefined, nowMs: number): LogPosition | undefined {
  if (saved === undefined) return undefined;
  const out = optionalStream(saved.out, nowMs);
  const err = optionalStream(saved.err, nowMs);
  const pending = optionalStamp(saved.pending, nowMs);
  const finished = optionalText(saved.finished);
  const started = optionalText(saved.started);
  const file = saved.file === undefined ? undefined : parseFilePlace(asObject(saved.file), nowMs);
  if (saved.file !== undefined && file === undefined) return undefined;
  if (!out || !err || !pending || !finished || !started) return undefined;
  const ends = { pending: pending.value, finished: finished.value, started: started.value };
  return { out: out.value, err: err.value, ...ends, ...(file && { file }) };
}

/** The state in a state file; undefined where it is none that this version wrote, or is of a time after `nowMs`. */
export function parseLogState(value: unknown, nowMs: number): LogState | undefined {
  const state = asObject(value);
  const first = parseSavedNanos(state?.first, nowMs);
  const saved = asObject(state?.positions);
  if (first === undefined || saved === undefined) return undefined;
  const positions: { [id: string]: LogPosition } = {};
  for (const [id, entry] of Object.entries(saved)) {
    const position = parsePosition(asObject(entry), nowMs);
    if (position === undefined) return undefined;
    positions[id] = position;
  }
  return { first, positions };
}

/** How far the log of every container was read. */
export class LogPositions {
  readonly #progress = new Map<string, LogProgress>();
  /** The positions that may be kept over a restart. */
  readonly #safe: Map<string, LogPosition>;
  readonly #delayMs: (() => number) | undefined;

  /** `delayMs`: see `DelayedPosition`. */
  constructor(saved: LogState['positions'] = {}, delayMs?: () => number) {
    this.#safe = new Map(Object.entries(saved));
    this.#delayMs = delayMs;
    for (const [id, position] of this.#safe) this.#progress.set(id, new LogProgress(position, delayMs));
  }

  /** The ids of the containers whose position is known. */
  get ids(): readonly string[] {
    return [...this.#progress.keys()];
  }

  /** Whether what may be kept changes by itself. */
  get hasUnsafe(): boolean {
    return [...this.#progress.values()].some((progress) => progress.hasUnsafe);
  }

  positionOf(id: string): LogPosition {
    return this.#progress.get(id)?.position ?? {};
  }

  /** The progress of a container; a new one where its log was never read. */
  progressOf(id: string): LogProgress {
    const progress = this.#progress.get(id) ?? new LogProgress({}, this.#delayMs);
    this.#progress.set(id, progress);
    return progress;
  }

  /** The container is gone, and its log with it. */
  forget(id: string): void {
    this.#progress.delete(id);
    this.#safe.delete(id);
  }

  /** What may be kept over a restart at `nowMs` (milliseconds of any steady clock). */
  safePositions(nowMs: number): LogState['positions'] {
    for (const [id, progress] of this.#progress) {
      const position = progress.safePosition(nowMs);
      if (position !== undefined) this.#safe.set(id, position);
    }
    return Object.fromEntries(this.#safe);
  }
}

import type { Change } from './change.ts';
import type { Firing } from './firing.ts';
import type { AlertSeverity, EndReason } from './judge/judge.ts';
import type { AlertKey } from './key.ts';

/** Stands for the keys that there was no room for. No record has such a key. */
export const TOO_MANY_KEYS: AlertKey = { id: 'too-many-keys', text: '(too many keys)' };
/** It is over when there was room for so long. */
const ROOM_MS = 600_000;

interface OverflowOptions {
  readonly severity: AlertSeverity;
  readonly mostKeys: number;
  createId(): string;
}

/** One alert for all the keys that there is no room for, because all others fire. */
export class Overflow {
  readonly #options: OverflowOptions;
  #firing: Firing | undefined;
  #lackedMs: number;

  constructor(options: OverflowOptions, nowMs: number, saved: Firing | undefined) {
    this.#options = options;
    this.#firing = saved && { ...saved };
    this.#lackedMs = saved === undefined ? Number.NEGATIVE_INFINITY : nowMs;
  }

  get firing(): Firing | undefined {
    return this.#firing;
  }

  /** There was no room for a key. */
  note(nowMs: number): void {
    this.#lackedMs = nowMs;
    if (this.#firing !== undefined) this.#firing.count += 1;
  }

  tick(nowMs: number): Change | undefined {
    const isOver = nowMs - this.#lackedMs >= ROOM_MS;
    if (this.#firing !== undefined) return isOver ? this.end(nowMs, 'time') : undefined;
    if (isOver) return undefined;
    const { createId, severity, mostKeys } = this.#options;
    const firing = { id: createId(), sinceMs: this.#lackedMs, severity, value: mostKeys, count: 1, record: {} };
    this.#firing = firing;
    return { kind: 'firing', key: TOO_MANY_KEYS, firing, atMs: nowMs, value: mostKeys };
  }

  end(nowMs: number, reason: EndReason): Change | undefined {
    const firing = this.#firing;
    this.#firing = undefined;
    this.#lackedMs = Number.NEGATIVE_INFINITY;
    return firing && { kind: 'resolved', key: TOO_MANY_KEYS, firing, atMs: nowMs, reason };
  }

  /** The clock was set by so much. */
  shift(ms: number, nowMs: number): void {
    this.#lackedMs += ms;
    if (this.#firing !== undefined) this.#firing.sinceMs = Math.min(this.#firing.sinceMs + ms, nowMs);
  }
}

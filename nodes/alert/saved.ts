import { type Firing, parseFiring } from './firing.ts';
import { MOST_MS, membersOf, pastTime } from './judge/judge.ts';
import { type AlertKey, parseKey } from './key.ts';
import { type AlertMsg, parseAlertMsg } from './say/alert-record.ts';
import { parseAnnouncer, type SavedAnnouncer } from './say/saved-announcer.ts';

export interface SavedKey {
  readonly key: AlertKey;
  readonly judge: unknown;
  readonly firing?: Firing | undefined;
}

export interface SavedEngine {
  readonly keys: readonly SavedKey[];
  readonly ids: readonly number[];
  readonly overflow?: Firing | undefined;
}

/** A msg that left, or is about to. */
export interface Outgoing {
  readonly msg: AlertMsg;
  /** When, in ms since the epoch. */
  readonly atMs: number;
}

/** All that an `alert` keeps over a restart. */
export interface SavedAlert {
  readonly identity: string;
  readonly limits: string;
  /** When it was saved, in ms since the epoch. */
  readonly savedMs: number;
  readonly engine: SavedEngine;
  readonly announcer: SavedAnnouncer;
  /** What left in the last minute. */
  readonly outgoing: readonly Outgoing[];
}

const MOST_SAVED_KEYS = 10_000;
const DAY_MS = 86_400_000;

/**
 * The state that a file holds; undefined where it is something else. The clock may have been set back since it was saved: no
 * saved time is refused for that, but one that is a day ahead is no time of this clock.
 */
export function parseSavedAlert(value: unknown, nowMs: number): SavedAlert | undefined {
  const { identity, limits, savedMs, engine, announcer, outgoing } = membersOf(value);
  if (typeof identity !== 'string' || typeof limits !== 'string') return undefined;
  if (typeof savedMs !== 'number' || !(Math.abs(savedMs) <= MOST_MS)) return undefined;
  const latestMs = Math.min(Math.max(nowMs, savedMs) + DAY_MS, MOST_MS);
  const parsed = parseEngine(engine, latestMs);
  if (parsed === undefined) return undefined;
  const msgs = Array.isArray(outgoing) ? outgoing.flatMap((one) => parseOutgoing(one, latestMs) ?? []) : [];
  return { identity, limits, savedMs, engine: parsed, announcer: parseAnnouncer(announcer, latestMs), outgoing: msgs };
}

function parseEngine(value: unknown, latestMs: number): SavedEngine | undefined {
  const { keys, ids, overflow } = membersOf(value);
  if (!Array.isArray(keys)) return undefined;
  return {
    keys: keys.slice(0, MOST_SAVED_KEYS).flatMap((one) => parseSavedKey(one, latestMs) ?? []),
    ids: Array.isArray(ids) ? ids.filter((id) => Number.isSafeInteger(id)) : [],
    overflow: parseFiring(overflow, latestMs),
  };
}

function parseSavedKey(value: unknown, latestMs: number): SavedKey | undefined {
  const { key, judge, firing } = membersOf(value);
  const parsed = parseKey(key);
  return parsed && { key: parsed, judge, firing: parseFiring(firing, latestMs) };
}

function parseOutgoing(value: unknown, latestMs: number): Outgoing | undefined {
  const { msg, atMs } = membersOf(value);
  const [parsed, at] = [parseAlertMsg(msg), pastTime(atMs, latestMs)];
  return parsed === undefined || at === undefined ? undefined : { msg: parsed, atMs: at };
}

import type { SavedAttempts, Unclaimed } from './attempts.ts';
import { SAVED_NUMBERS, SAVED_TEXTS, type SavedConnection } from './connection.ts';
import { MOST_CONNECTIONS, MOST_HOSTS } from './connection-index.ts';
import type { SavedSession } from './login-sessions.ts';

/** The memory of connections, as it is in the state file beside the position. */
export interface SavedMemory extends SavedAttempts {
  hosts: string[];
  connections: SavedConnection[];
  sessions: SavedSession[];
  /** Of the record before: the key of its process (0: none), who told a refusal, and its host. */
  last: [key: number, witness: number, host: string];
}

/** No list of the memory is longer. */
const MOST = Math.max(MOST_CONNECTIONS, MOST_HOSTS);
const MOST_TEXT = 2048;

/** The memory in a state file. Undefined where the value is none: connections are then joined anew. */
export function parseMemory(value: unknown): SavedMemory | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { hosts, connections, sessions, last, speaking, unclaimed } = value as { [name: string]: unknown };
  if (!isListOf(hosts, isText) || !isListOf(speaking, isText)) return undefined;
  if (!isListOf(connections, isConnection) || !isListOf(sessions, isSession) || !isListOf(unclaimed, isUnclaimed))
    return undefined;
  if (!isTuple(last, [isNumber, isNumber, isText])) return undefined;
  return { hosts, connections, sessions, speaking, unclaimed, last: last as SavedMemory['last'] };
}

type Check = (value: unknown) => boolean;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_TEXT;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isListOf<T>(value: unknown, check: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.length <= MOST && value.every(check);
}

function isTuple(value: unknown, checks: readonly Check[]): boolean {
  return Array.isArray(value) && value.length === checks.length && checks.every((check, place) => check(value[place]));
}

function isConnection(value: unknown): value is SavedConnection {
  if (!Array.isArray(value) || value.length < SAVED_TEXTS + SAVED_NUMBERS || value.length > MOST) return false;
  return value.slice(0, SAVED_TEXTS).every(isText) && value.slice(SAVED_TEXTS).every(isNumber);
}

function isSession(value: unknown): value is SavedSession {
  return isTuple(value, [isText, isText]);
}

function isUnclaimed(value: unknown): value is Unclaimed {
  return isTuple(value, [isText, isText, isText, isNumber, isNumber, isNumber]);
}

import { isPlausibleTime } from '../../lib/plausible-time.ts';
import { type Alert, parseAlert } from './alert.ts';
import { parseTold, type SavedTold } from './told.ts';

/** What is kept over a restart. It holds no address: a place is the hash of one with its credentials. */
export interface OutboxState {
  readonly waiting: readonly Alert[];
  readonly told: SavedTold;
  /** The place that must not be asked again, and why. */
  readonly stopped?: { readonly place: string; readonly reason: string };
  /** The place that took the last message, and when, in ms since the epoch. */
  readonly success?: { readonly place: string; readonly atMs: number };
  /** The chat's new id, as Telegram has told it of a place. */
  readonly moved?: { readonly place: string; readonly chat: string };
}

export function parseOutboxState(value: unknown, nowMs: number): OutboxState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { waiting, told, stopped, success, moved } = value as { [name: string]: unknown };
  const log = parseTold(told);
  if (!Array.isArray(waiting) || log === undefined) return undefined;
  const alerts = waiting.map((alert) => parseAlert(alert));
  if (alerts.some((alert) => alert === undefined)) return undefined;
  const reason = placed(stopped, 'reason');
  const chat = placed(moved, 'chat');
  const atMs = (success as { atMs?: unknown } | undefined)?.atMs;
  const place = (success as { place?: unknown } | undefined)?.place;
  return {
    waiting: alerts as Alert[],
    told: log,
    ...(reason === undefined ? {} : { stopped: { place: reason.place, reason: reason.text } }),
    ...(chat === undefined ? {} : { moved: { place: chat.place, chat: chat.text } }),
    ...(typeof place === 'string' && isPlausibleTime(atMs, nowMs) ? { success: { place, atMs } } : {}),
  };
}

function placed(value: unknown, name: string): { place: string; text: string } | undefined {
  const { place, [name]: text } = (value ?? {}) as { [name: string]: unknown };
  return typeof place === 'string' && typeof text === 'string' ? { place, text } : undefined;
}

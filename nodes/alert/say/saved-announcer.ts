import { parseFiring } from '../firing.ts';
import type { AlertSeverity } from '../judge/judge.ts';
import { membersOf, pastTime, SEVERITIES } from '../judge/judge.ts';
import type { SavedSummary } from './summary.ts';

/** What was told of an alert that fires. */
export interface Told {
  severity: AlertSeverity;
  /** When it was spoken of last, in ms since the epoch. */
  lastMs: number;
  reminders: number;
  /** How often it got worse or better. */
  turns: number;
  isAcknowledged: boolean;
  /** It was told as one of a summary. */
  isMember: boolean;
}

export interface SavedAnnouncer {
  readonly told: readonly (readonly [id: string, told: Told])[];
  readonly silences: readonly (readonly [keyId: string, untilMs: number])[];
  readonly silentUntilMs: number;
  readonly sentMs: readonly number[];
  readonly summary?: SavedSummary | undefined;
}

const MONTH_MS = 31 * 86_400_000;
const MOST_SENT = 1_000;

/** What a state file has of it; what is something else is left out. */
export function parseAnnouncer(saved: unknown, latestMs: number): SavedAnnouncer {
  const { told, silences, silentUntilMs, sentMs, summary } = membersOf(saved);
  const until = (value: unknown): number => pastTime(value, latestMs + MONTH_MS) ?? 0;
  return {
    told: pairsOf(told).flatMap(([id, value]) => {
      const parsed = parseTold(value, latestMs);
      return parsed === undefined ? [] : [[id, parsed] as const];
    }),
    silences: pairsOf(silences).map(([id, value]) => [id, until(value)] as const),
    silentUntilMs: until(silentUntilMs),
    sentMs: listOf(sentMs)
      .flatMap((ms) => pastTime(ms, latestMs) ?? [])
      .slice(-MOST_SENT),
    summary: parseSummary(summary, latestMs),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function pairsOf(value: unknown): (readonly [string, unknown])[] {
  return listOf(value).flatMap((pair) => {
    const [id, rest] = listOf(pair);
    return typeof id === 'string' ? [[id, rest] as const] : [];
  });
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : 0;
}

function parseTold(value: unknown, latestMs: number): Told | undefined {
  const { severity, lastMs, reminders, turns, isAcknowledged, isMember } = membersOf(value);
  const known = SEVERITIES.find((one) => one === severity);
  const last = pastTime(lastMs, latestMs);
  if (known === undefined || last === undefined) return undefined;
  return {
    severity: known,
    lastMs: last,
    reminders: countOf(reminders),
    turns: countOf(turns),
    isAcknowledged: isAcknowledged === true,
    isMember: isMember === true,
  };
}

function parseSummary(value: unknown, latestMs: number): SavedSummary | undefined {
  const { firing, members, events, tellMs, times, count, toldCount } = membersOf(value);
  const parsed = parseFiring(firing, latestMs);
  const tell = pastTime(tellMs, latestMs);
  if (parsed === undefined || tell === undefined) return undefined;
  return {
    firing: parsed,
    members: pairsOf(members).flatMap(([id, one]) => {
      const { text, severity } = membersOf(one);
      const known = SEVERITIES.find((name) => name === severity);
      return typeof text === 'string' && known !== undefined ? [[id, { text, severity: known }] as const] : [];
    }),
    events: listOf(events).filter((event): event is string => typeof event === 'string'),
    tellMs: tell,
    times: countOf(times),
    count: countOf(count),
    toldCount: countOf(toldCount),
  };
}

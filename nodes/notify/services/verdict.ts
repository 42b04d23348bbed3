import { cleanLine, cut } from '../text/clean.ts';
import type { Answer, Verdict } from './service.ts';

const DAY_MS = 86_400_000;
const MOST_REASON = 120;

export interface Rules {
  /** An answer that tells of an address or a credential; the others of the table are for all services. */
  readonly stop?: readonly number[];
}

const STOP = [401, 404, 410];
const WAIT = [408, 425, 429];
const REFUSED = [400, 413, 422];

/** What a status means where the service has no word of its own for it. */
export function judgeStatus(answer: Answer, nowMs: number, { stop = [] }: Rules = {}): Verdict {
  const { status } = answer;
  const reason = reasonOf(answer);
  if (status >= 200 && status < 300) return successOf(answer, reason);
  if (status >= 300 && status < 400) return { kind: 'hourly', reason: movedReason(answer) };
  if (WAIT.includes(status) || status >= 500) return waitOf(answer, reason, nowMs);
  if (STOP.includes(status) || stop.includes(status)) return { kind: 'stop', reason };
  return { kind: REFUSED.includes(status) ? 'refused' : 'hourly', reason };
}

function successOf(answer: Answer, reason: string): Verdict {
  const isUsedUp = header(answer, 'x-ratelimit-remaining') === '0';
  const resetSeconds = Number(header(answer, 'x-ratelimit-reset-after') ?? Number.NaN);
  const pauseMs = isUsedUp && resetSeconds > 0 ? Math.min(resetSeconds * 1000, DAY_MS) : 0;
  return { kind: 'success', pauseMs, isOnlyAccepted: answer.status === 202, reason };
}

function waitOf(answer: Answer, reason: string, nowMs: number): Verdict {
  const waitMs = toldWaitMs(answer, nowMs);
  return waitMs === undefined ? { kind: 'wait', reason } : { kind: 'wait', waitMs, reason };
}

/** What the header or the body says, in ms: the longer of both. */
function toldWaitMs(answer: Answer, nowMs: number): number | undefined {
  const { retry_after: inBody, parameters } = jsonOf(answer.body);
  const { retry_after: inParameters } = (parameters ?? {}) as { retry_after?: unknown };
  const seconds = [headerSeconds(answer, nowMs), inBody, inParameters].map((value) =>
    typeof value === 'string' && value.trim() !== '' ? Number(value) : value,
  );
  const told = seconds.filter((value) => typeof value === 'number' && Number.isFinite(value) && value >= 0) as number[];
  return told.length === 0 ? undefined : Math.min(Math.max(...told) * 1000, DAY_MS);
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3). */
function headerSeconds(answer: Answer, nowMs: number): number | undefined {
  const text = header(answer, 'retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1000);
}

function header({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** The object in a body; an empty one where there is none. */
export function jsonOf(body: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : {};
  } catch {
    return {};
  }
}

/** The code, and what the service says beside it. */
export function reasonOf({ status, body }: Answer): string {
  const { message, error, description } = jsonOf(body);
  const words = [description, message, error].find((text) => typeof text === 'string');
  // A page of a proxy says nothing to a person in one line.
  const said = cleanLine(String(words ?? (body.trimStart().startsWith('<') ? '' : body)));
  return `HTTP ${status} ${cut(said, MOST_REASON)}`.trim();
}

/** Of the new address only the host: the rest may be as secret as that of the old one. */
function movedReason(answer: Answer): string {
  const to = header(answer, 'location') ?? '';
  const host = URL.canParse(to) ? ` → ${new URL(to).host}` : '';
  return `HTTP ${answer.status}${host}`;
}

import { shortSpanText } from '../../../lib/duration.ts';
import { type InfraRecord, record, Severity } from '../../../lib/record.ts';
import type { Translate } from '../../../lib/status.ts';
import { visible } from '../../../lib/visible.ts';
import type { Verdict } from '../state.ts';
import { accepts, type CodeRange } from './accept.ts';
import { excerpt } from './body-text.ts';
import { type Exchange, failureWords, type ResultType } from './exchange.ts';

/** Why a check failed. */
export interface Failure {
  type: ResultType;
  /** One line for people. */
  reason: string;
}

export interface Expectation {
  accept: readonly CodeRange[];
  /** Milliseconds; undefined: no limit but the time-out. */
  maxTimeMs: number | undefined;
}

/** Tests the body of an answer. Gives why it is not as it must be, or undefined when it is. */
export type BodyTest = (text: string | undefined, exchange: Exchange) => Promise<string | undefined>;

/**
 * What is wrong with the exchange; undefined when it is as expected. `text` is its body; `translate` gives the words of
 * this package's errors.
 */
export async function judge(
  exchange: Exchange,
  text: string | undefined,
  expectation: Expectation,
  bodyTest: BodyTest | undefined,
  translate: Translate,
): Promise<Failure | undefined> {
  const { failure, responseCode: code } = exchange;
  // A wrong code tells more than a body that broke off after it.
  const read = failure === undefined || failure.type === 'body_read_error';
  if (read && code !== undefined && !accepts(expectation.accept, code))
    return { type: 'status_mismatch', reason: `the response code is ${code}` };
  if (failure !== undefined) return { type: failure.type, reason: failureWords(failure, translate) };
  const mismatch = await bodyTest?.(text, exchange);
  if (mismatch !== undefined) return { type: 'body_mismatch', reason: mismatch };
  if (expectation.maxTimeMs !== undefined && exchange.totalMs > expectation.maxTimeMs)
    return { type: 'too_slow', reason: `it took ${Math.round(exchange.totalMs)} ms` };
  return undefined;
}

function tenth(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}

export interface CheckContext {
  name: string;
  host: string;
  /** When the check ended, ms since the epoch. */
  nowMs: number;
  tlsWarnDays: number | undefined;
  /** Characters of the body to keep. */
  keepBody: number;
}

function describe(exchange: Exchange, failure: Failure | undefined, verdict: Verdict, name: string): string {
  const down = verdict.downMs === undefined ? '' : shortSpanText(verdict.downMs / 1000);
  if (failure === undefined) {
    const again = verdict.changed ? `, up again after ${down}` : '';
    const from = exchange.finalUrl === undefined ? '' : ` from ${exchange.finalUrl}`;
    return `${name}: ${exchange.responseCode} in ${Math.round(exchange.totalMs)} ms${from}${again}`;
  }
  const asked = [exchange.url, ...(exchange.finalUrl === undefined ? [] : [exchange.finalUrl])].join(' → ');
  const what = `${failure.type}: ${failure.reason} (${exchange.method} ${asked})`;
  if (verdict.next.state === 'up') return `${name}: ${what}, failure ${verdict.next.failures}`;
  return `${name} is down${verdict.changed ? '' : ` for ${down}`}: ${what}`;
}

/** The contract's `http_check` record. A failed check is data: its level is 3 when down, 4 while it is being retried. */
export function checkRecord(
  exchange: Exchange,
  text: string | undefined,
  failure: Failure | undefined,
  verdict: Verdict,
  { name, host, nowMs, tlsWarnDays, keepBody }: CheckContext,
): InfraRecord {
  const { phases, tlsDaysLeft } = exchange;
  const expiring = tlsWarnDays !== undefined && tlsDaysLeft !== undefined && tlsDaysLeft < tlsWarnDays;
  const upLevel = failure !== undefined || expiring ? Severity.warning : Severity.info;
  const certificate = expiring ? `; the certificate has ${tlsDaysLeft} days left` : '';
  const kept = text === undefined || keepBody === 0 || exchange.isForeign === true ? '' : excerpt(text, keepBody);
  return record(
    {
      log_type: 'http_check',
      time: new Date(nowMs).toISOString(),
      host,
      level: verdict.next.state === 'down' ? Severity.error : upLevel,
      message: visible(describe(exchange, failure, verdict, name) + certificate),
      event_id: `http-${host}-${name}-${exchange.url}-${nowMs}`,
    },
    {
      check_name: name,
      http_url: exchange.url,
      http_method: exchange.method,
      http_response_code: exchange.responseCode,
      http_response_time_ms: tenth(exchange.totalMs),
      http_response_bytes: exchange.bytes,
      http_response_body: kept === '' ? undefined : kept,
      http_content_type: exchange.contentType === undefined ? undefined : visible(exchange.contentType),
      http_redirect_count: exchange.redirects,
      http_dns_ms: tenth(phases.dns),
      http_connect_ms: tenth(phases.connect),
      http_tls_ms: tenth(phases.tls),
      http_first_byte_ms: tenth(phases.first_byte),
      http_failed_phase: failure === undefined ? undefined : exchange.failure?.phase,
      result_type: failure?.type ?? 'success',
      event_outcome: failure === undefined ? 'success' : 'failure',
      check_state: verdict.next.state,
      consecutive_failures: verdict.next.failures,
      check_down_seconds: verdict.downMs === undefined ? undefined : Math.round(verdict.downMs / 1000),
      tls_days_left: tlsDaysLeft,
    },
  );
}

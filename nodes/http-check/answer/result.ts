import { shortSpanText } from '../../../lib/duration.ts';
import { type InfraRecord, record, Severity } from '../../../lib/record.ts';
import type { Arguments, Translate } from '../../../lib/status.ts';
import { visible } from '../../../lib/visible.ts';
import type { Verdict } from '../state.ts';
import { accepts, type CodeRange } from './accept.ts';
import { excerpt } from './body-text.ts';
import { type Exchange, failureWords, isHeldUp, type ResultType } from './exchange.ts';

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

/** Why a body is not as it must be: a key below `mismatch` of the catalogue. */
export interface Mismatch {
  key: string;
  args?: Arguments;
  /** It may be as it must be: that could not be told. */
  isUndecided?: true;
}

/** Tests the body of an answer. Gives why it is not as it must be, or undefined when it is. */
export type BodyTest = (text: string | undefined, exchange: Exchange) => Promise<Mismatch | undefined>;

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
  const words = (key: string, args?: Arguments): string => translate(`http-check.${key}`, args);
  // A wrong code tells more than a body that broke off after it.
  const read = failure === undefined || failure.type === 'body_read_error';
  if (read && code !== undefined && !accepts(expectation.accept, code))
    return { type: 'status_mismatch', reason: words('mismatch.code', { code }) };
  if (failure !== undefined) return { type: failure.type, reason: failureWords(failure, translate) };
  const mismatch = await bodyTest?.(text, exchange);
  if (mismatch !== undefined) {
    const type = mismatch.isUndecided === true ? 'local_error' : 'body_mismatch';
    return { type, reason: words(`mismatch.${mismatch.key}`, mismatch.args) };
  }
  return slowness(exchange, expectation.maxTimeMs, words);
}

/** `too_slow`, unless it may be so because this process stood still. */
function slowness(
  { totalMs, heldMs = 0 }: Exchange,
  maxTimeMs: number | undefined,
  words: Translate,
): Failure | undefined {
  if (maxTimeMs === undefined || totalMs <= maxTimeMs) return undefined;
  if (totalMs - heldMs <= maxTimeMs)
    return { type: 'local_error', reason: words('mismatch.heldUp', { seconds: seconds(heldMs) }) };
  return { type: 'too_slow', reason: words('mismatch.slow', { ms: Math.round(totalMs) }) };
}

/** Seconds with a tenth, of milliseconds. */
function seconds(ms = 0): number {
  return Math.round(ms / 100) / 10;
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

/** The record's sentence. What others wrote stands beside the catalogue's words, not in them. */
function describe(
  exchange: Exchange,
  failure: Failure | undefined,
  verdict: Verdict,
  name: string,
  words: Translate,
): string {
  const span = verdict.downMs === undefined ? '' : shortSpanText(verdict.downMs / 1000);
  if (failure === undefined) {
    const code = exchange.responseCode ?? 0;
    const answered = isHeldUp(exchange)
      ? words('message.answeredHeldUp', { code, seconds: seconds(exchange.heldMs) })
      : words('message.answered', { code, ms: Math.round(exchange.totalMs) });
    const from = exchange.finalUrl === undefined ? '' : ` ${words('message.from')} ${exchange.finalUrl}`;
    return `${name}: ${answered}${from}${verdict.changed ? words('message.upAgain', { span }) : ''}`;
  }
  const asked = [exchange.url, ...(exchange.finalUrl === undefined ? [] : [exchange.finalUrl])].join(' → ');
  const what = `${failure.type}: ${failure.reason} (${exchange.method} ${asked})`;
  if (failure.type === 'local_error') return `${name}: ${words('message.notTold')}: ${what}`;
  if (verdict.next.state === 'up')
    return `${name}: ${what}${words('message.failure', { failures: verdict.next.failures })}`;
  const down = verdict.changed ? words('message.isDown') : words('message.isDownFor', { span });
  return `${name} ${down}: ${what}`;
}

/** What is said of a certificate that is about to end; empty while it is not. */
function certificateWords({ tlsDaysLeft: days, tlsIssuer }: Exchange, warnDays: number | undefined, words: Translate) {
  if (warnDays === undefined || days === undefined || days >= warnDays) return '';
  const issuer = tlsIssuer === undefined ? '' : ` (${tlsIssuer})`;
  return `${words(tlsIssuer === undefined ? 'message.certificate' : 'message.issuer', { days })}${issuer}`;
}

/**
 * The contract's `http_check` record. A failed check is data: its level is 3 when down, 4 while it is being retried. One
 * that failed by this host's own fault has no outcome. `translate` is `RED._`.
 */
export function checkRecord(
  exchange: Exchange,
  text: string | undefined,
  failure: Failure | undefined,
  verdict: Verdict,
  { name, host, nowMs, tlsWarnDays, keepBody }: CheckContext,
  translate: Translate,
): InfraRecord {
  const words: Translate = (key, args) => translate(`http-check.${key}`, args);
  const certificate = certificateWords(exchange, tlsWarnDays, words);
  const upLevel = failure !== undefined || certificate !== '' ? Severity.warning : Severity.info;
  const kept = text === undefined || keepBody === 0 || exchange.isForeign === true ? '' : excerpt(text, keepBody);
  const isOwn = failure?.type === 'local_error';
  const outcome = failure === undefined ? 'success' : 'failure';
  return record(
    {
      log_type: 'http_check',
      time: new Date(nowMs).toISOString(),
      host,
      level: verdict.next.state === 'down' && !isOwn ? Severity.error : upLevel,
      message: visible(describe(exchange, failure, verdict, name, words) + certificate),
      event_id: `http-${host}-${name}-${exchange.url}-${nowMs}`,
    },
    {
      check_name: name,
      http_url: exchange.url,
      http_method: exchange.method,
      http_response_code: exchange.responseCode,
      http_response_bytes: exchange.bytes,
      http_response_body: kept === '' ? undefined : kept,
      http_content_type: exchange.contentType === undefined ? undefined : visible(exchange.contentType),
      http_redirect_count: exchange.redirects,
      ...timesOf(exchange),
      http_failed_phase: failure === undefined ? undefined : exchange.failure?.phase,
      result_type: failure?.type ?? 'success',
      event_outcome: isOwn ? undefined : outcome,
      check_state: verdict.next.state,
      consecutive_failures: verdict.next.failures,
      check_down_seconds: verdict.downMs === undefined ? undefined : Math.round(verdict.downMs / 1000),
      tls_days_left: exchange.tlsDaysLeft,
    },
  );
}

/** The times are those of the server, so there are none where this process stood still. */
function timesOf(exchange: Exchange) {
  if (isHeldUp(exchange)) return {};
  const { totalMs, phases } = exchange;
  return {
    http_response_time_ms: tenth(totalMs),
    http_dns_ms: tenth(phases.dns),
    http_connect_ms: tenth(phases.connect),
    http_tls_ms: tenth(phases.tls),
    http_first_byte_ms: tenth(phases.first_byte),
  };
}

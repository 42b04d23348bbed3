import { settingOr } from '../../lib/environment.ts';
import { INTERVAL, intervalMs, isAllowed, type NumberField, numberOf, wrongField } from '../../lib/number-field.ts';
import { DEFAULT_ACCEPT, parseAccept } from './answer/accept.ts';
import type { MatchType } from './answer/body-text.ts';
import type { Expectation } from './answer/result.ts';
import { type Headers, parseHeaders } from './request/headers.ts';
import type { Credentials } from './request/request.ts';
import { isUrlSetting } from './request/url.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const MATCH_TYPES: readonly MatchType[] = ['none', 'unread', 'contains', 'excludes', 'matches', 'jsonata'];
const FAMILIES = ['0', '4', '6'];
/** Blank: what Node.js takes, which is TLS 1.2 today. */
const TLS_VERSIONS = ['', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
const AUTH_TYPES = ['none', 'basic', 'bearer'];

/** The number fields of the dialog. */
export const FIELDS = {
  timeout: { initial: '10', minimum: 0.1, maximum: 600 },
  retries: { initial: '2', minimum: 0, maximum: 1000, whole: true },
  resend: { initial: '0', minimum: 0, maximum: 100_000, whole: true },
  redirects: { initial: '5', minimum: 0, maximum: 50, whole: true },
  maxTime: { initial: '', minimum: 1, maximum: 600_000, blank: 'off' },
  tlsWarnDays: { initial: '14', minimum: 0, maximum: 3650, blank: 'off' },
  // A GELF field of more than 32,766 bytes loses the whole message: this many characters never are, in whatever script.
  keepBody: { initial: '1000', minimum: 0, maximum: 10_000, whole: true },
  bodyLimit: { initial: '1024', minimum: 1, maximum: 102_400, whole: true },
} as const satisfies { [name: string]: NumberField };

/** The other properties of the dialog: what they start with and what they can be. `match` is checked with its type. */
export const TEXT_FIELDS = {
  interval: { initial: INTERVAL.initial, allows: (value: unknown) => isAllowed(INTERVAL, value) },
  url: { initial: '', allows: isUrlSetting },
  method: { initial: 'GET', allows: (value: unknown) => METHODS.includes(String(value)) },
  accept: { initial: DEFAULT_ACCEPT, allows: (value: unknown) => parseAccept(value) !== undefined },
  headers: { initial: '', allows: (value: unknown) => parseHeaders(value) !== undefined },
  family: { initial: '0', allows: (value: unknown) => FAMILIES.includes(String(value)) },
  tlsMinVersion: { initial: '', allows: (value: unknown) => TLS_VERSIONS.some((version) => version === value) },
  authType: { initial: 'none', allows: (value: unknown) => AUTH_TYPES.includes(String(value)) },
  matchType: { initial: 'none', allows: (value: unknown) => MATCH_TYPES.some((type) => type === value) },
} as const;

/** Whether `match` can be what its type makes of it; JSONata is left to whoever has its parser. */
export function isMatch(matchType: unknown, match: unknown): boolean {
  if (matchType === undefined || matchType === 'none' || matchType === 'unread') return true;
  if (typeof match !== 'string' || match === '') return false;
  if (matchType !== 'matches') return true;
  try {
    new RegExp(match);
    return true;
  } catch {
    return false;
  }
}

export interface CheckSettings extends Expectation {
  intervalMs: number;
  method: string;
  headers: Headers;
  body: string;
  bodyFromPayload: boolean;
  /** The dialog's login, headers, body and client certificate go to other origins, too, where a msg asks for one. */
  secretsElsewhere: boolean;
  /** A redirect from outside may lead to this host and the networks around it. */
  insideRedirects: boolean;
  authType: string;
  /** Only answers that keep to the standard count. */
  isStrict: boolean;
  tlsMinVersion: (typeof TLS_VERSIONS)[number];
  family: 0 | 4 | 6;
  matchType: MatchType;
  match: string;
  timeoutMs: number;
  retries: number;
  resend: number;
  maxRedirects: number;
  tlsWarnDays: number | undefined;
  keepBody: number;
  /** Bytes. */
  bodyLimit: number;
}

/**
 * The settings of a node, or the name of the property that has a value it cannot have. Header lines and body are in the
 * credentials; in a flow of 0.1.0 that was not saved since they are properties.
 */
export function readSettings(
  config: object,
  { headers, body }: Partial<Credentials> = {},
): CheckSettings | { wrong: string } {
  const values: { [name: string]: unknown } = { ...config };
  if (headers !== undefined) values.headers = headers;
  if (body !== undefined) values.body = body;
  const text = (name: keyof typeof TEXT_FIELDS): string => String(settingOr(values[name], TEXT_FIELDS[name].initial));
  const number = (name: keyof typeof FIELDS): number => numberOf(FIELDS[name], values[name]) ?? 0;
  const names = Object.keys(TEXT_FIELDS) as (keyof typeof TEXT_FIELDS)[];
  const wrong = names.find((name) => !TEXT_FIELDS[name].allows(text(name))) ?? wrongField(FIELDS, config);
  if (wrong !== undefined) return { wrong };
  if (!isMatch(text('matchType'), values.match)) return { wrong: 'match' };
  return {
    intervalMs: intervalMs(text('interval')),
    method: text('method'),
    accept: parseAccept(text('accept')) ?? [],
    headers: parseHeaders(text('headers')) ?? {},
    body: String(values.body ?? ''),
    bodyFromPayload: values.bodyFromPayload === true,
    secretsElsewhere: values.secretsElsewhere === true,
    insideRedirects: values.insideRedirects === true,
    authType: text('authType'),
    isStrict: values.strict === true,
    tlsMinVersion: text('tlsMinVersion') as CheckSettings['tlsMinVersion'],
    family: Number(text('family')) as 0 | 4 | 6,
    matchType: text('matchType') as MatchType,
    match: String(values.match ?? ''),
    timeoutMs: number('timeout') * 1000,
    maxTimeMs: numberOf(FIELDS.maxTime, values.maxTime),
    retries: number('retries'),
    resend: number('resend'),
    maxRedirects: number('redirects'),
    tlsWarnDays: numberOf(FIELDS.tlsWarnDays, values.tlsWarnDays),
    keepBody: number('keepBody'),
    bodyLimit: number('bodyLimit') * 1024,
  };
}

import { type ErrorCode, explain, opensslWords } from '../../../lib/errors.ts';
import type { Translate } from '../../../lib/status.ts';
import type { Phase } from './phase-timer.ts';

export type ResultType =
  | 'success'
  | 'status_mismatch'
  | 'body_mismatch'
  | 'too_slow'
  | 'timeout'
  | 'dns_error'
  | 'connection_failed'
  | 'tls_error'
  | 'redirect_limit'
  | 'body_read_error';

/** How the request itself failed, whatever the check expects of the answer. */
export interface RequestFailure {
  type: ResultType;
  /** The phase in which it failed; undefined before the first. */
  phase: Phase | undefined;
  error: unknown;
}

/** What went over the wire in one check. What the check expects of it is judged later. */
export interface Exchange {
  /** The URL asked first, as records may have it. */
  url: string;
  /** The URL that answered in the end, where redirects led to another one; as records may have it. */
  finalUrl?: string;
  /** The answer is of another origin than that which was asked: its body is nobody's business. */
  isForeign?: boolean;
  method: string;
  /** Milliseconds from the start to the end of the body, or to the failure. */
  totalMs: number;
  phases: Partial<Record<Phase, number>>;
  redirects: number;
  responseCode?: number;
  contentType?: string;
  /** The body, decompressed, up to the limit. */
  body?: Uint8Array;
  /** Bytes of the body as they came over the wire, up to the limit. */
  bytes?: number;
  /** There was more than the limit. */
  truncated?: boolean;
  /** Whole days until the server's certificate ends; negative when it has. */
  tlsDaysLeft?: number;
  failure?: RequestFailure;
}

const BY_PHASE: Record<Phase, ResultType> = {
  dns: 'dns_error',
  connect: 'connection_failed',
  tls: 'tls_error',
  first_byte: 'connection_failed',
  body: 'body_read_error',
};

const BY_CODE: { readonly [code in ErrorCode]?: ResultType } = {
  UNTRUSTED_CERTIFICATE: 'tls_error',
  REDIRECT_INSIDE: 'connection_failed',
  TOO_MANY_REDIRECTS: 'redirect_limit',
  TIMEOUT_AT_START: 'timeout',
  TIMEOUT_IN_DNS: 'timeout',
  TIMEOUT_IN_CONNECT: 'timeout',
  TIMEOUT_IN_TLS: 'timeout',
  TIMEOUT_IN_FIRST_BYTE: 'timeout',
  TIMEOUT_IN_BODY: 'timeout',
};

/** The type of a failure in `phase`; `code` is that of its error: of this package, the system or the TLS library. */
export function failureType(phase: Phase | undefined, code: string | undefined): ResultType {
  const type = BY_CODE[code as ErrorCode];
  if (type !== undefined) return type;
  // TLS 1.3 tells of a missing client certificate only after the handshake.
  if (code?.startsWith('ERR_SSL_') || code === 'EPROTO') return 'tls_error';
  return phase === undefined ? 'connection_failed' : BY_PHASE[phase];
}

/** Why the request failed, in one line for people. The type says already that it is TLS, so OpenSSL's part is left out. */
export function failureWords({ error }: RequestFailure, translate: Translate): string {
  return (opensslWords(error)?.words ?? explain(error, translate)).trim();
}

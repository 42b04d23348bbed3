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

export interface Failure {
  type: ResultType;
  /** One line for people. */
  reason: string;
}

/** One check as it went over the wire, judged by nothing but the wire. */
export interface Exchange {
  /** The URL asked first, without user and password. */
  url: string;
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
  failure?: Failure & { phase: Phase | undefined };
}

const BY_PHASE: Record<Phase, ResultType> = {
  dns: 'dns_error',
  connect: 'connection_failed',
  tls: 'tls_error',
  first_byte: 'connection_failed',
  body: 'body_read_error',
};

/** What to call a failure in `phase`; `code` is that of the system's or the TLS library's error. */
export function failureType(phase: Phase | undefined, code: string | undefined): ResultType {
  // TLS 1.3 tells of a missing client certificate only after the handshake.
  if (code?.startsWith('ERR_SSL_') || code === 'EPROTO') return 'tls_error';
  return phase === undefined ? 'connection_failed' : BY_PHASE[phase];
}

import type { ErrorCode } from '../../../lib/error-codes.ts';
import { errorCode, explain, opensslWords } from '../../../lib/errors.ts';
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
  | 'body_read_error'
  /** Ours, not the endpoint's: it says nothing about that. */
  | 'local_error';

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
  /** There was more than the limit, or it was left unread. */
  truncated?: boolean;
  /** Whether the text that is looked for is in the body, as far as it was read. Undefined where none is looked for. */
  isKeywordFound?: boolean;
  /** The body goes on behind what was looked through for the text. */
  isUnsearched?: boolean;
  /** Whole days until the first certificate of the server's chain ends; negative when it has. */
  tlsDaysLeft?: number;
  /** Whose certificate that is, where it is not the server's own. */
  tlsIssuer?: string;
  /** For how many of the milliseconds this process stood still, where it did. */
  heldMs?: number;
  failure?: RequestFailure;
}

/** What this process adds to the times while it stands still for less is what any machine under load adds, in ms. */
const UNTRUE_MS = 1_000;

/** Whether the times are this process's and not the server's. */
export function isHeldUp({ heldMs = 0 }: Exchange): boolean {
  return heldMs >= UNTRUE_MS;
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

/** This host is at its limits: its descriptors, its memory, its ports. */
const OWN_LIMITS = new Set([
  ...['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAGAIN', 'EADDRNOTAVAIL', 'EAI_MEMORY', 'EAI_SYSTEM'],
  ...['ERR_MEMORY_ALLOCATION_FAILED', 'ERR_OUT_OF_MEMORY', 'Z_MEM_ERROR'],
  ...['NO_DESCRIPTOR', 'HELD_UP', 'PROXY_UNSUPPORTED', 'BAD_PROXY'],
]);

/** What a server or the network does where it was not answered for long. */
const OF_SILENCE = new Set([
  ...['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ERR_STREAM_PREMATURE_CLOSE'],
  ...['ENDED_BEFORE_ANSWER', 'BODY_CUT_SHORT', 'NAME_UNRESOLVED'],
]);

/** What the network does right after the host has slept. */
const OF_SLEEP = ['TIMEOUT_', 'ENET', 'EHOST', 'ENOTFOUND', 'ENODATA', 'ERR_HTTP2'];

/** A process that stood still for so long may have been hung up on, in ms. */
const HUNG_UP_AFTER_MS = 1_000;

/** How long a check stood still: this process, and the whole host. In ms. */
export interface Stall {
  heldMs: number;
  sleptMs: number;
}

/** The codes of an error; of one that stands for several, those of all. */
function codesOf(error: unknown): string[] {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.flatMap(codesOf);
  // V8 has no code for it.
  if (error instanceof RangeError && /allocation failed|invalid.* length/i.test(error.message)) return ['ENOMEM'];
  return [errorCode(error) ?? ''];
}

/** Whether an error says nothing about the server, since it is this host's own. */
function isOwn(error: unknown, { heldMs, sleptMs }: Stall): boolean {
  const codes = codesOf(error);
  if (codes.every((code) => OWN_LIMITS.has(code))) return true;
  const isSilence = codes.every((code) => OF_SILENCE.has(code));
  if (sleptMs > 0) return isSilence || codes.every((code) => OF_SLEEP.some((start) => code.startsWith(start)));
  return isSilence && heldMs >= HUNG_UP_AFTER_MS;
}

/** The type of a failure in `phase`: by its error, of this package, the system or the TLS library, and by how long all stood still. */
export function failureType(
  phase: Phase | undefined,
  error: unknown,
  stall: Stall = { heldMs: 0, sleptMs: 0 },
): ResultType {
  if (isOwn(error, stall)) return 'local_error';
  const code = errorCode(error);
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

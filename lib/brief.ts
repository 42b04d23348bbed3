import { errorCode, MonitoringError } from './errors.ts';
import type { Translate } from './status.ts';

/** What OpenSSL, and Node.js with it, call a certificate that no known authority has signed. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);
/** How a server says, over TLS 1.3 and before, that it wants to know its client. */
const WANTS_CERTIFICATE = /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/;

/** The code of an error, with one code for all that mean the same to a person. */
export function plainCode(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === undefined) return undefined;
  if (UNTRUSTED.has(code)) return 'UNTRUSTED';
  return WANTS_CERTIFICATE.test(code) ? 'WANTS_CERTIFICATE' : code;
}

/** An error in one or two words of the catalogue `lib/locales/<language>/brief.json`, for a status. */
export function brief(error: unknown, translate: Translate): string {
  const words = wordsFor(error, translate);
  if (words !== undefined) return words;
  const { cause } = (error ?? {}) as { cause?: unknown };
  return (cause === undefined ? undefined : wordsFor(cause, translate)) ?? translate('brief.OTHER');
}

function wordsFor(error: unknown, translate: Translate): string | undefined {
  const code = plainCode(error);
  if (code === undefined) return undefined;
  const key = `brief.${code}`;
  const words = translate(key, error instanceof MonitoringError ? error.values : undefined);
  // Node-RED gives the key where a catalogue lacks it.
  return words.endsWith(key) ? undefined : words;
}

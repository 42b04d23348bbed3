/** What the first words of a peer tell about an address that names the wrong kind of server. */

import { errorCode, MonitoringError } from '../../lib/errors.ts';

/** The types of a TLS record that a server can begin with, an alert and a handshake (RFC 8446, 5.1), and its version. */
const TLS_RECORDS = [0x15, 0x16];
const TLS_MAJOR = 0x03;
const HTTP = 'HTTP/';

/** A GELF input says nothing: what these first bytes of an answer tell of the server; undefined where they tell nothing. */
export function faultOfAnswer(first: Uint8Array): MonitoringError | undefined {
  if (TLS_RECORDS.includes(first[0] ?? 0) && first[1] === TLS_MAJOR) return new MonitoringError('PEER_WANTS_TLS');
  const isHttp = String.fromCharCode(...first.subarray(0, HTTP.length)) === HTTP;
  return isHttp ? new MonitoringError('PEER_SPEAKS_HTTP') : undefined;
}

/** Codes of a connection that ended, or of which nothing came, before the handshake was done. */
const UNANSWERED = new Set([
  'ECONNRESET',
  'EPIPE',
  'CLOSED_BY_PEER',

  'ERR_SSL_WRONG_VERSION_NUMBER',
  'EPROTO',
]);

/** Why a handshake of TLS failed, once the connection was open. What is said of a certificate stays as it is. */
export function faultOfHandshake(error: unknown): unknown {
  return UNANSWERED.has(errorCode(error) ?? '') ? new MonitoringError('TLS_NOT_SPOKEN', {}, { cause: error }) : error;
}

/** Node.js has no code of its own for the end of a connection before the handshake was done. */
const BEFORE_TLS = /before secure TLS connection was established|wrong version number/i;

/** Why a request over HTTP failed. */
export function faultOfRequest(error: unknown): unknown {
  const { message = '', rawPacket } = (error ?? {}) as { message?: string; rawPacket?: unknown };
  if (BEFORE_TLS.test(message)) return new MonitoringError('TLS_NOT_SPOKEN', {}, { cause: error });
  if (errorCode(error)?.startsWith('HPE_') !== true) return error;
  const answered = rawPacket instanceof Uint8Array ? faultOfAnswer(rawPacket) : undefined;
  return answered?.code === 'PEER_WANTS_TLS' ? answered : new MonitoringError('NOT_HTTP', {}, { cause: error });
}

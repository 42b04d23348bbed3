import { plainCode } from '../../lib/brief.ts';
import { explain, MonitoringError, reason } from '../../lib/errors.ts';
import type { Translate } from '../../lib/status.ts';

/** What a status of HTTP means where a 202 was due; the others are the server's own trouble. */
function statusKey(status: unknown): string {
  const code = Number(status);
  if (code < 300) return 'otherInput';
  if (code < 400) return 'moved';
  if (code === 401 || code === 403) return 'forbidden';
  if (code === 404 || code === 405) return 'noInput';
  return code < 500 && code !== 429 ? 'refused' : 'trouble';
}

/**
 * Why nothing was delivered to an endpoint, with what helps, for people: the words of this node's catalogue where it has some,
 * else those of the error. `endpoint` is its name, with the scheme.
 */
export function explainDelivery(error: unknown, endpoint: string, translate: Translate): string {
  const isHttpStatus = error instanceof MonitoringError && error.code === 'HTTP_STATUS';
  const code = isHttpStatus ? `answered.${statusKey(error.values.status)}` : plainCode(error);
  if (code === undefined) return explain(error, translate);
  // What Node.js adds to some, behind a semicolon, is advice for programmers.
  const values = error instanceof MonitoringError ? error.values : { reason: reason(error).replace(/;.*$/s, '') };
  for (const key of [`graylog-server.why.${scheme(endpoint)}.${code}`, `graylog-server.why.${code}`]) {
    const words = translate(key, values);
    // Node-RED gives the key where a catalogue lacks it.
    if (!words.endsWith(key)) return words;
  }
  return explain(error, translate);
}

function scheme(endpoint: string): string {
  return /^[a-z]+(?=:)/.exec(endpoint)?.[0] ?? '';
}

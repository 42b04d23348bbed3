/** Request headers as the dialog has them: one `Name: value` a line. */

export type Headers = { [name: string]: string };

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** What Node.js takes as a header's value: tab and Latin-1 without control characters. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

function add(headers: Headers, name: string, value: string): boolean {
  if (!NAME.test(name) || !VALUE.test(value)) return false;
  headers[name.toLowerCase()] = value;
  return true;
}

/** The headers by their names in lower case; undefined where a line is none. */
export function parseHeaders(text: unknown): Headers | undefined {
  const headers: Headers = {};
  for (const line of String(text ?? '').split('\n')) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon === -1 || !add(headers, line.slice(0, colon).trim(), line.slice(colon + 1).trim())) return undefined;
  }
  return headers;
}

/** What belongs to one message on one connection, and not to the next (RFC 9110, 7.6.1), and cookies that were set. */
const OF_ONE_MESSAGE = new Set([
  ...['content-length', 'transfer-encoding', 'trailer', 'te', 'keep-alive', 'proxy-connection', 'proxy-authenticate'],
  ...['set-cookie', 'set-cookie2'],
]);

/** Node-RED's http request node puts it among the headers of an answer, by which it knows them again. */
const ANSWERED = 'x-node-red-request-node';

/** What only answers have, or what is said of their body. */
const OF_ANSWERS =
  /^(?:age|allow|alt-svc|cache-control|content-.+|cross-origin-.+|date|etag|expires|last-modified|location|nel|p3p|pragma|referrer-policy|report-to|retry-after|server|server-timing|strict-transport-security|upgrade|vary|via|www-authenticate|x-.+|access-control-.+|accept-ranges|permissions-policy|connection)$/;

/** The value as text; undefined where it is none. The lines of a list become one (RFC 9110, 5.3). */
function headerValue(name: string, content: unknown): string | undefined {
  if (typeof content === 'string' || typeof content === 'number') return String(content);
  if (!Array.isArray(content)) return undefined;
  const values = content.map((one) => headerValue(name, one));
  if (values.includes(undefined)) return undefined;
  return values.join(name === 'cookie' ? '; ' : ', ');
}

/** Whether the headers ask for another protocol: then "connection" is part of the question. */
function isUpgrade(entries: readonly (readonly [string, unknown])[]): boolean {
  return entries.some(([name, value]) => name === 'connection' && /\bupgrade\b/i.test(String(value)));
}

/**
 * The headers of a msg, by their names in lower case; undefined where it has something that is no header. They may be those
 * of an answer, which a node before put there: what speaks of that answer's body or connection is left out.
 */
export function msgHeaders(value: unknown): Headers | undefined {
  const headers: Headers = {};
  if (value === undefined || value === null) return headers;
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const all = Object.entries(value).map(([name, content]) => [name.toLowerCase(), content] as const);
  const isAnswer = all.some(([name]) => name === ANSWERED);
  const keepsConnection = isUpgrade(all) && !isAnswer;
  for (const [name, content] of all) {
    if (OF_ONE_MESSAGE.has(name) || (isAnswer && OF_ANSWERS.test(name))) continue;
    if ((name === 'connection' || name === 'upgrade') && !keepsConnection) continue;
    if (content === undefined || content === null) continue;
    const text = headerValue(name, content);
    if (text === undefined || !add(headers, name, text)) return undefined;
  }
  return headers;
}

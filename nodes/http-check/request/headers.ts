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

/** The headers of a msg, by their names in lower case; undefined where it has something that is no header. */
export function msgHeaders(value: unknown): Headers | undefined {
  const headers: Headers = {};
  if (value === undefined || value === null) return headers;
  if (typeof value !== 'object') return undefined;
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== 'string' && typeof content !== 'number') return undefined;
    if (!add(headers, name, String(content))) return undefined;
  }
  return headers;
}

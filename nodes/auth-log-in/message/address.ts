import type { AuthFields } from './fields.ts';

/** Finds the addresses in log lines. A client chooses its user's name, so a name may look like an address. */

/** Whether the text is an IPv4 address, or an IPv6 one with or without a zone. */
export function isAddress(text: string): boolean {
  if (text.length < 2 || text.length > 60) return false;
  return text.includes(':') ? isV6(text) : isV4(text, 0, text.length);
}

function isV4(text: string, from: number, end: number): boolean {
  let dots = 0;
  let value = -1;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) {
      if (value < 0) return false;
      dots++;
      value = -1;
    } else if (code >= 48 && code <= 57) {
      value = (value < 0 ? 0 : value * 10) + code - 48;
      if (value > 255) return false;
    } else return false;
  }
  return dots === 3 && value >= 0;
}

function isV6(text: string): boolean {
  const percent = text.indexOf('%');
  const end = percent === -1 ? text.length : percent;
  let colons = 0;
  let group = 0;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 58) {
      colons++;
      group = 0;
    } else if (code === 46) {
      return colons >= 2 && isV4(text, text.lastIndexOf(':') + 1, end);
    } else if ((code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)) {
      if (++group > 4) return false;
    } else return false;
  }
  return colons >= 2 && colons <= 8 && percent !== text.length - 1;
}

/** Where a connection comes from, which sshd writes as `IP port N`, under the record's keys. */
export interface Endpoint {
  /** Index of the address in the text. */
  start: number;
  source: Pick<AuthFields, 'source_ip' | 'source_hostname' | 'source_port'>;
}

/** The keys for an address or a host's name. What sshd writes for an unknown host is left out. */
export function sourceOf(text: string, port?: number): Endpoint['source'] {
  if (isAddress(text)) return { source_ip: text, source_port: port };
  if (text === '' || text === 'UNKNOWN' || text === '?' || text === '-') return { source_port: port };
  return { source_hostname: text, source_port: port };
}

/**
 * The endpoint `ADDRESS port N` that ends right before `end`. It is read from the right: a user's name may stand before
 * it, and a name can contain anything.
 */
export function endpointBefore(text: string, end: number): Endpoint | undefined {
  let at = end;
  let port = 0;
  let scale = 1;
  while (at > 0) {
    const code = text.charCodeAt(at - 1);
    if (code < 48 || code > 57) break;
    port += (code - 48) * scale;
    scale *= 10;
    at--;
  }
  if (at === end || scale > 1e5 || !text.startsWith(' port ', at - 6)) return undefined;
  const addressEnd = at - 6;
  const start = text.lastIndexOf(' ', addressEnd - 1) + 1;
  return start >= addressEnd ? undefined : { start, source: sourceOf(text.slice(start, addressEnd), port) };
}

/** The endpoint that begins at `from`: `ADDRESS port N`, or an address alone. `end` is the index after it. */
export function endpointAt(text: string, from: number): Pick<Endpoint, 'source'> & { end: number } {
  const space = text.indexOf(' ', from);
  if (space !== -1 && text.startsWith('port ', space + 1)) {
    let end = space + 6;
    while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
    if (end > space + 6 && end - space <= 11) {
      return { source: sourceOf(text.slice(from, space), Number(text.slice(space + 6, end))), end };
    }
  }
  let end = space === -1 ? text.length : space;
  while (end > from && ':,;.'.includes(text.charAt(end - 1))) end--;
  return { source: sourceOf(text.slice(from, end)), end };
}

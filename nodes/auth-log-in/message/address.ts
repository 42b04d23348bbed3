import { isDigit } from './digits.ts';
import type { AuthFields } from './fields.ts';

/** Finds the addresses in log lines. A client chooses its user's name, so a name may look like an address. */

const COLON = 58;
const DOT = 46;
const BLANK = 32;
const ZERO = 48;

/** Where there is no endpoint, or no address. */
export const NONE = -1;

/** Whether the text is an IPv4 address, or an IPv6 one with or without a zone. */
export function isAddress(text: string): boolean {
  if (text.length < 2 || text.length > 60) return false;
  return text.includes(':') ? isV6(text) : isV4(text, 0, text.length);
}

/** Whether an IPv4 address stands between the two indexes. */
function isV4(text: string, from: number, end: number): boolean {
  return endOfV4(text, from) === end;
}

/** Where the IPv4 address ends that begins at `from`; NONE where none does. What follows it may be another dot. */
export function endOfV4(text: string, from: number): number {
  let dots = 0;
  let value = -1;
  let at = from;
  for (let code = text.charCodeAt(at); ; code = text.charCodeAt(at)) {
    if (isDigit(code)) {
      value = (value < 0 ? 0 : value * 10) + code - ZERO;
      if (value > 255) return NONE;
    } else if (code === DOT && value >= 0 && dots < 3) {
      dots++;
      value = -1;
    } else return dots === 3 && value >= 0 ? at : NONE;
    at++;
  }
}

/** Eight groups, or fewer with one `::`; the last two can be an IPv4 address. */
function isV6(text: string): boolean {
  const percent = text.indexOf('%');
  const end = percent === -1 ? text.length : percent;
  let colons = 0;
  let gaps = 0;
  let group = 0;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) {
      if (at > 0 && text.charCodeAt(at - 1) === COLON) gaps++;
      colons++;
      group = 0;
    } else if (code === DOT) {
      return colons + gaps >= 3 && isWhole(colons + 1, gaps) && isV4(text, text.lastIndexOf(':') + 1, end);
    } else if (isHexadecimal(code)) {
      if (++group > 4) return false;
    } else return false;
  }
  return percent !== text.length - 1 && isWhole(colons, gaps) && !isCut(text, end);
}

/** Whether it begins or ends with a colon that is not a `::`. */
function isCut(text: string, end: number): boolean {
  const begins = text.charCodeAt(0) === COLON && text.charCodeAt(1) !== COLON;
  return begins || (text.charCodeAt(end - 1) === COLON && text.charCodeAt(end - 2) !== COLON);
}

function isWhole(colons: number, gaps: number): boolean {
  return gaps === 0 ? colons === 7 : gaps === 1 && colons <= 8;
}

function isHexadecimal(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/** Where a connection comes from, which sshd writes as `IP port N`, under the record's keys. */
export interface Endpoint {
  /** Index of the address in the text. */
  start: number;
  source: Source;
}

export type Source = Pick<AuthFields, 'source_ip' | 'source_hostname' | 'source_port'>;

const MAPPED = /^::ffff:(?=\d+\.)/i;

/**
 * The keys for an address or a host's name. What programs write for an unknown host (`UNKNOWN`, `?`, `(null)`), and what
 * cannot be the name of a host, is left out. An IPv4 address within IPv6 is written as IPv4: it is the same client.
 */
export function sourceOf(text: string, port?: number): Source {
  if (isAddress(text)) {
    return { source_ip: text.charCodeAt(0) === COLON ? text.replace(MAPPED, '') : text, source_port: port };
  }
  return isHostname(text) ? { source_hostname: text, source_port: port } : {};
}

/** The key for a name that DNS gives to a client. What looks like an address there is the client's own choice. */
export function hostOf(name: string): Source {
  return isHostname(name) && !isAddress(name) ? { source_hostname: name } : {};
}

const NO_NAMES: ReadonlySet<string> = new Set(['UNKNOWN', 'unknown', '-', '.', '_']);

function isHostname(text: string): boolean {
  if (text === '' || text.length > 255 || NO_NAMES.has(text)) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;
    const isOther = (code >= 48 && code <= 58) || code === DOT || code === 45 || code === 95 || code === 37;
    if (!isLetter && !isOther) return false;
  }
  return true;
}

/**
 * Where the endpoint `ADDRESS port N` begins that ends right before `end`. It is read from the right: a user's name may stand
 * before it, and a name can contain anything.
 */
export function endpointStart(text: string, end: number): number {
  let at = end;
  while (text.charCodeAt(at - 1) === BLANK) at--;
  const digitsEnd = at;
  while (at > 0 && isDigit(text.charCodeAt(at - 1))) at--;
  if (at === digitsEnd || digitsEnd - at > 5 || !text.startsWith(' port ', at - 6)) return NONE;
  let start = at - 6;
  // V8 takes longer for `lastIndexOf` than for all else here.
  while (start > 0 && text.charCodeAt(start - 1) !== BLANK) start--;
  return start === at - 6 ? NONE : start;
}

/** The whole number at `from`. */
function numberAt(text: string, from: number): number {
  let value = 0;
  for (let at = from; isDigit(text.charCodeAt(at)); at++) value = value * 10 + text.charCodeAt(at) - 48;
  return value;
}

/** The endpoint that ends right before `end`. */
export function endpointBefore(text: string, end: number): Endpoint | undefined {
  const start = endpointStart(text, end);
  if (start === NONE) return undefined;
  const addressEnd = text.indexOf(' ', start);
  return { start, source: sourceOf(text.slice(start, addressEnd), numberAt(text, addressEnd + 6)) };
}

/** The endpoint that begins at `from`: `ADDRESS port N`, or an address alone. `end` is the index after it. */
export function endpointAt(text: string, from: number): { source: Source; end: number } {
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

/** `ADDRESS:PORT` as dropbear writes it: an address of IPv6 stands there with or without brackets. */
export function addressWithPort(text: string): Source {
  const colon = text.lastIndexOf(':');
  const port = text.slice(colon + 1);
  if (colon === -1 || !/^\d{1,5}$/.test(port)) return sourceOf(text);
  return sourceOf(withoutBrackets(text.slice(0, colon)), Number(port));
}

/** `[ADDRESS]` without its brackets. */
export function withoutBrackets(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
}

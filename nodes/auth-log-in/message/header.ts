import { readOddHeader, searchTag } from './odd-header.ts';
import { baseName, skipBlanks, skipSolarisId, type Tag, wholeNumber, wordEnd } from './tag.ts';
import type { StampReader } from './time-stamp.ts';

/** The parts of a line of syslog: of RFC 3164, of RFC 5424, and of what programs write that keep to neither. */
export interface Header {
  /** ISO 8601 UTC, or undefined where the line has no stamp that can be read. */
  time: string | undefined;
  hostname: string | undefined;
  /** The program's name without its path. */
  program: string | undefined;
  processId: number | undefined;
  message: string;
}

const BLANK = 32;
const COLON = 58;
const LESS = 60;
const BRACKET = 91;
const BYTE_ORDER_MARK = 0xfeff;

/** Splits lines into headers and messages. */
export class HeaderReader {
  readonly #stamps: StampReader;
  /** The usual header that was read last. It is the same for all usual lines: a new one for each would be garbage at once. */
  readonly #usual: Header = { time: '', hostname: '', program: '', processId: 0, message: '' };
  /** The length of what stood between its time and the number of its process, ` HOST PROGRAM[`: most lines have the same. */
  #startLength = 0;

  constructor(stamps: StampReader) {
    this.#stamps = stamps;
  }

  /**
   * The header of a line, until the next is read. `referenceMs`: when the file was last changed (ms since the epoch). Of a line
   * that begins like none of the known ones only the program is told, by the first tag of a program that is known.
   */
  read(line: string, referenceMs: number): Header {
    const stamps = this.#stamps;
    const first = line.charCodeAt(0);
    const at = first === LESS || first === BYTE_ORDER_MARK ? skipPriority(line) : 0;
    if (line.charCodeAt(at) === 49 && line.charCodeAt(at + 1) === BLANK) {
      const header = parseRfc5424(line, at + 2, stamps, referenceMs);
      if (header !== undefined) return header;
    }
    const time = stamps.read(line, at, referenceMs);
    if (time === undefined || line.charCodeAt(stamps.end) !== BLANK) return withTag(line, searchTag(line, at));
    const like = stamps.isFollowed ? this.#readLikeLast(line, stamps.end + this.#startLength, time) : undefined;
    return like ?? this.#readNames(line, stamps.end + 1, time);
  }

  /** Reads a header with the host and the program of the one before, which are the same texts then. */
  #readLikeLast(line: string, numberAt: number, time: string): Header | undefined {
    let processId = 0;
    let end = numberAt;
    for (let code = line.charCodeAt(end); code >= 48 && code <= 57; code = line.charCodeAt(end)) {
      processId = processId * 10 + code - 48;
      end++;
    }
    if (end === numberAt || end > numberAt + 10 || !line.startsWith(']: ', end)) return undefined;
    const next = line.charCodeAt(end + 3);
    if (next === BLANK || next === BRACKET) return undefined;
    const header = this.#usual;
    header.time = time;
    header.processId = processId;
    header.message = line.slice(end + 3);
    return header;
  }

  #readNames(line: string, from: number, time: string): Header {
    let hostAt = from;
    while (line.charCodeAt(hostAt) === BLANK) hostAt++;
    const hostEnd = line.indexOf(' ', hostAt);
    if (hostEnd === -1) return { ...withTag(line, undefined), time };
    let tagAt = hostEnd + 1;
    while (line.charCodeAt(tagAt) === BLANK) tagAt++;
    // login of old util-linux writes `-- root[123]: ROOT LOGIN ON tty1`, with the user in the place of the program.
    const isLogin = line.charCodeAt(tagAt) === 45 && line.startsWith('-- ', tagAt);
    if (isLogin) tagAt += 3;
    const tagEnd = wordEnd(line, tagAt);
    if (line.charCodeAt(tagEnd - 1) !== COLON || isOdd(line, hostAt, hostEnd) || hasTab(line, tagAt, tagEnd - 1)) {
      const { hostname, tag, messageAt } = readOddHeader(line, hostAt);
      return { ...withTag(line, tag), time, hostname, message: line.slice(messageAt) };
    }
    const known = this.#usual.hostname as string;
    const isKnown = known.length === hostEnd - hostAt && line.startsWith(known, hostAt);
    const hostname = isKnown ? known : line.slice(hostAt, hostEnd);
    const header = usualHeader(line, tagAt, tagEnd - 1, time, hostname, isLogin);
    this.#remember(header);
    return header;
  }

  #remember(header: Header): void {
    const { hostname, program } = header;
    const usual = this.#usual;
    // Worth it only where two lines in a row have the same.
    const isSame = hostname === usual.hostname && program === usual.program;
    const start = isSame ? ` ${hostname} ${program}[` : '';
    this.#startLength = start.length;
    this.#stamps.expect(start);
    usual.hostname = hostname;
    usual.program = program;
  }
}

/** The header of which the tag ends with the colon at `end`. */
function usualHeader(
  line: string,
  from: number,
  end: number,
  time: string,
  hostname: string,
  isLogin: boolean,
): Header {
  let programEnd = end;
  let processId: number | undefined;
  if (line.charCodeAt(end - 1) === 93) {
    const open = line.lastIndexOf('[', end);
    if (open > from) {
      processId = wholeNumber(line, open + 1, end - 1);
      programEnd = open;
    }
  }
  let at = end + 1;
  while (line.charCodeAt(at) === BLANK) at++;
  if (line.charCodeAt(at) === BRACKET) at = skipSolarisId(line, at);
  const program = isLogin ? 'login' : baseName(line.slice(from, programEnd));
  return { time, hostname, program, processId, message: line.slice(at) };
}

/** Whether the tag is followed by a tab, and what looks like the tag goes on to the next colon. */
function hasTab(line: string, from: number, end: number): boolean {
  if (line.charCodeAt(end - 1) === 93) return false;
  const tab = line.indexOf('\t', from);
  return tab !== -1 && tab < end;
}

/** Whether the word after the stamp may be something else than the name of a host. */
function isOdd(line: string, from: number, end: number): boolean {
  const first = line.charCodeAt(from);
  const last = line.charCodeAt(end - 1);
  // `<auth.info>`, `[sshd]`, `sshd[123]`, `sshd:`; and what busybox' syslogd says of itself, `syslogd started: …`.
  if (first === LESS || first === BRACKET || last === 93 || last === COLON) return true;
  if (end - from === 7 && line.startsWith('syslogd', from)) return true;
  for (let at = from; at < end; at++) {
    const code = line.charCodeAt(at);
    // `auth.info`, `auth|security:info`; a name of a host has a dot too.
    if (code === 46 || code === 124) return LEVEL_END.test(line.slice(from, end));
  }
  return false;
}

const LEVEL_END = /[.:](?:debug|info|notice|warn|warning|err|error|crit|alert|emerg|panic)$/;

function withTag(line: string, tag: Tag | undefined): Header {
  if (tag === undefined) {
    return { time: undefined, hostname: undefined, program: undefined, processId: undefined, message: line };
  }
  const { program, processId, messageAt } = tag;
  return { time: undefined, hostname: undefined, program, processId, message: line.slice(messageAt) };
}

/** The index after a byte order mark, and after a priority such as `<38>`. */
function skipPriority(line: string): number {
  const at = line.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  if (line.charCodeAt(at) !== LESS) return at;
  const close = line.indexOf('>', at);
  return close >= at + 2 && close <= at + 4 ? skipBlanks(line, close + 1) : at;
}

/** RFC 5424, 6: `TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG`. `-` stands for a value not known. */
function parseRfc5424(line: string, from: number, stamps: StampReader, referenceMs: number): Header | undefined {
  const isNil = line.startsWith('- ', from);
  const time = isNil ? undefined : stamps.read(line, from, referenceMs);
  const stampEnd = isNil ? from + 1 : stamps.end;
  if ((!isNil && time === undefined) || line.charCodeAt(stampEnd) !== BLANK) return undefined;
  let at = stampEnd + 1;
  const words: string[] = [];
  while (words.length < 4) {
    const end = wordEnd(line, at);
    words.push(line.slice(at, end));
    at = end + 1;
  }
  const [hostname, program = '-', processId = ''] = words;
  at = skipStructuredData(line, at);
  // Every message is read as UTF-8, so its byte order mark says nothing. rsyslog keeps the blank after a tag.
  while (line.charCodeAt(at) === BYTE_ORDER_MARK || line.charCodeAt(at) === BLANK) at++;
  return {
    time,
    hostname: unlessNil(hostname),
    program: program === '-' ? undefined : baseName(program),
    processId: wholeNumber(processId, 0, processId.length),
    message: line.slice(skipSolarisId(line, at)),
  };
}

/** The index after `-` or `[id name="value"][…]` and a blank. `]` and `"` within a value are escaped. */
function skipStructuredData(line: string, from: number): number {
  let at = from;
  if (line.charCodeAt(at) === 45) at++;
  while (line.charCodeAt(at) === 91) {
    let isQuoted = false;
    for (at++; at < line.length; at++) {
      const code = line.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 34) isQuoted = !isQuoted;
      else if (code === 93 && !isQuoted) break;
    }
    at++;
  }
  return line.charCodeAt(at) === BLANK ? at + 1 : Math.min(at, line.length);
}

/** Undefined for the NILVALUE of RFC 5424 (`-`). */
function unlessNil(word: string | undefined): string | undefined {
  return word === '-' || word === '' ? undefined : word;
}

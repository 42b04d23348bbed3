import type { StampReader } from './time-stamp.ts';

/** The parts of a line of syslog: of RFC 3164, of RFC 5424, and of rsyslog's files with RFC 3339 stamps. */
export interface Header {
  /** ISO 8601 UTC, or undefined where the line has no stamp that can be read. */
  time: string | undefined;
  hostname: string | undefined;
  /** The program's name without its path. */
  program: string | undefined;
  processId: number | undefined;
  message: string;
}

/** Splits a line into its header and its message. `referenceMs`: when the file was last changed (ms since the epoch). */
export function parseHeader(line: string, stamps: StampReader, referenceMs: number): Header {
  let at = 0;
  if (line.charCodeAt(0) === 60) {
    at = skipPriority(line);
    if (line.startsWith('1 ', at)) return parseRfc5424(line, at + 2, stamps, referenceMs);
  }
  const time = stamps.read(line, at, referenceMs);
  if (time === undefined || line.charCodeAt(stamps.end) !== 32) return withoutHeader(line);
  const hostAt = stamps.end + 1;
  const hostEnd = line.indexOf(' ', hostAt);
  if (hostEnd === -1) return { ...withoutHeader(line), time };
  const hostname = line.slice(hostAt, hostEnd);
  let tagAt = hostEnd + 1;
  while (line.charCodeAt(tagAt) === 32) tagAt++;
  // login of old util-linux writes `-- root[123]: ROOT LOGIN ON tty1`, with the user in the place of the program.
  const isLogin = line.startsWith('-- ', tagAt);
  if (isLogin) tagAt += 3;
  const space = line.indexOf(' ', tagAt);
  const tagEnd = space === -1 ? line.length : space;
  if (line.charCodeAt(tagEnd - 1) !== 58) {
    return { time, hostname, program: undefined, processId: undefined, message: line.slice(tagAt) };
  }
  const header = parseTag(line, tagAt, tagEnd - 1, time, hostname);
  return isLogin ? { ...header, program: 'login' } : header;
}

function parseTag(line: string, from: number, end: number, time: string, hostname: string): Header {
  let programEnd = end;
  let processId: number | undefined;
  if (line.charCodeAt(end - 1) === 93) {
    const open = line.lastIndexOf('[', end);
    if (open > from) {
      processId = wholeNumber(line, open + 1, end - 1);
      programEnd = open;
    }
  }
  let messageAt = end + 1;
  while (line.charCodeAt(messageAt) === 32) messageAt++;
  const program = baseName(line.slice(from, programEnd));
  return { time, hostname, program, processId, message: line.slice(messageAt) };
}

function withoutHeader(line: string): Header {
  return { time: undefined, hostname: undefined, program: undefined, processId: undefined, message: line };
}

function skipPriority(line: string): number {
  const close = line.indexOf('>');
  return close >= 2 && close <= 4 ? close + 1 : 0;
}

/** RFC 5424, 6: `TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG`. `-` stands for a value not known. */
function parseRfc5424(line: string, from: number, stamps: StampReader, referenceMs: number): Header {
  const time = stamps.read(line, from, referenceMs);
  if (time === undefined) return withoutHeader(line);
  let at = stamps.end + 1;
  const words: string[] = [];
  while (words.length < 4) {
    const space = line.indexOf(' ', at);
    const end = space === -1 ? line.length : space;
    words.push(line.slice(at, end));
    at = end + 1;
  }
  const [hostname, program = '-', processId = ''] = words;
  at = skipStructuredData(line, at);
  // Every message is read as UTF-8, so its byte order mark says nothing. rsyslog keeps the blank after a tag.
  while (line.charCodeAt(at) === 0xfeff || line.charCodeAt(at) === 32) at++;
  return {
    time,
    hostname: unlessNil(hostname),
    program: program === '-' ? undefined : baseName(program),
    processId: wholeNumber(processId, 0, processId.length),
    message: line.slice(at),
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
  return line.charCodeAt(at) === 32 ? at + 1 : Math.min(at, line.length);
}

/** Undefined for the NILVALUE of RFC 5424 (`-`). */
function unlessNil(word: string | undefined): string | undefined {
  return word === '-' || word === '' ? undefined : word;
}

function baseName(program: string): string {
  const slash = program.lastIndexOf('/');
  return slash === -1 || slash === program.length - 1 ? program : program.slice(slash + 1);
}

function wholeNumber(text: string, from: number, end: number): number | undefined {
  if (end <= from || end - from > 10) return undefined;
  let value = 0;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return undefined;
    value = value * 10 + code - 48;
  }
  return value;
}

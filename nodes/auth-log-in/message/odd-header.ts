import { isAddress, withoutBrackets } from './address.ts';
import { isKnownProgram } from './rules.ts';
import { hasNumber, isTag, skipBlanks, type Tag, tagAt, wordOrTabEnd } from './tag.ts';

/** What stands between the stamp and the message. */
export interface OddHeader {
  hostname: string | undefined;
  tag: Tag | undefined;
  messageAt: number;
}

const FACILITY =
  'auth|authpriv|console|cron|daemon|ftp|kern|local\\d|lpr|mail|news|ntp|security|syslog|user|uucp|\\d{1,2}';
const LEVEL = 'debug|info|notice|warn|warning|err|error|crit|alert|emerg|panic|none|\\d';
/** `auth.info` of busybox, `<auth.info>` of BSD, `[auth.info]`, `auth|security:info` of AIX, `[1764093860.123]` of OpenWrt. */
const NOISE = new RegExp(
  `^(?:[<[]?(?:${FACILITY})(?:\\|(?:${FACILITY}))*[.:](?:${LEVEL})[>\\]]?:?|[<[](?:${LEVEL}| *\\d+(?:\\.\\d+)?)[>\\]])$`,
);
const MAX_WORDS = 6;
/** The zone of the stamp, which stands before the host's name. */
const ZONE = /^(?:[A-Z]{3,4}|[+-]\d\d:?\d\d)$/;

/** The words that follow a stamp where they are not `HOST TAG: `. */
export function readOddHeader(line: string, from: number): OddHeader {
  let hostname: string | undefined;
  let restAt = from;
  for (let at = from, words = 0; words < MAX_WORDS && at < line.length; words++) {
    const end = wordOrTabEnd(line, at);
    const word = end - at <= 300 ? line.slice(at, end) : '';
    const next = skipBlanks(line, end);
    if (!NOISE.test(word) && (hostname !== undefined || !isZoneBeforeHost(line, word, next))) {
      const tag = tagAt(line, at, isKnownProgram);
      const isAlone = hostname !== undefined || isTag(word) || !isTag(line.slice(next, wordOrTabEnd(line, next)));
      if (tag !== undefined && isAlone) return { hostname, tag, messageAt: tag.messageAt };
      if (hostname !== undefined || word === '' || next >= line.length) break;
      hostname = hostName(word);
      restAt = next;
    }
    at = next;
  }
  return { hostname, tag: undefined, messageAt: restAt };
}

/** `[2001:db8::7]` without its brackets. */
function hostName(word: string): string {
  const address = withoutBrackets(word);
  return isAddress(address) ? address : word;
}

/** Whether the word is the zone of the stamp: the next one is no tag, and the one after it a tag with a process's number. */
function isZoneBeforeHost(line: string, word: string, from: number): boolean {
  if (!ZONE.test(word)) return false;
  const end = wordOrTabEnd(line, from);
  const next = skipBlanks(line, end);
  return !isTag(line.slice(from, end)) && hasNumber(line.slice(next, wordOrTabEnd(line, next)));
}

/** How far from the beginning of a line the tag may be, and how many words may precede it. */
const SEARCHED = 200;
const SEARCHED_WORDS = 12;

/**
 * The first tag of a line with a header that nobody knows. Where it is not of a known program, the line is that program's,
 * whatever its text looks like.
 */
export function searchTag(line: string, from: number): Tag | undefined {
  for (let at = skipBlanks(line, from), words = 0; at < line.length && at < SEARCHED; words++) {
    const end = wordOrTabEnd(line, at);
    const word = end - at <= SEARCHED ? line.slice(at, end) : '';
    if (isTag(word)) {
      const tag = tagAt(line, at, isKnownProgram);
      const isRead = tag !== undefined && isKnownProgram(tag.program) && (hasNumber(word) || words < 4);
      return isRead ? tag : undefined;
    }
    if (words >= SEARCHED_WORDS) return undefined;
    at = skipBlanks(line, end);
  }
  return undefined;
}

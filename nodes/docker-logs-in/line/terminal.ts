/** What a terminal would show of a line. */

import { isBlank } from '../../../lib/blank.ts';

// Sequences of ECMA-48, each with the two characters or the one 8-bit character that it begins with: CSI (colours, cursor),
// OSC (titles, links), the other strings (DCS, SOS, PM, APC), and those of two characters. Of one that does not end only its
// beginning matches: else a line could hide all of its text.
const SEQUENCES = [
  '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
  '(?:\\x1b\\]|\\x9d)[^\\x07\\x1b\\x90-\\x9f]*(?:\\x07|\\x1b\\\\|\\x9c)',
  '(?:\\x1b[PX^_]|[\\x90\\x98\\x9e\\x9f])[^\\x1b\\x90-\\x9f]*(?:\\x1b\\\\|\\x9c)',
  '\\x1b[ -/]*[0-~]',
  '[\\x90\\x98\\x9b-\\x9f]',
];
const ESCAPES = new RegExp(SEQUENCES.join('|'), 'g');

/** What a sequence begins or ends with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ANY_OF_THEM = /[\x1b\x90\x98\x9b-\x9f]/;

/** The text without the sequences that colour it, move a terminal's cursor or speak to the terminal itself. */
export function withoutEscapes(text: string): string {
  return ANY_OF_THEM.test(text) ? text.replace(ESCAPES, '') : text;
}

/**
 * The text after the last return, which writes over what was there before: the last state of a progress bar. A state of
 * blanks only clears the line, and the one before counts.
 */
export function lastState(text: string): string {
  let end = text.length;
  while (end > 0) {
    const at = text.lastIndexOf('\r', end - 1);
    const state = text.slice(at + 1, end);
    if (at === -1 || !isBlank(state)) return state;
    end = at;
  }
  return '';
}

/** As `withoutEscapes` and `lastState` have it. */
export function shownText(text: string): string {
  const plain = withoutEscapes(text);
  return plain.includes('\r') ? lastState(plain) : plain;
}

// A byte 0x9b that is no part of a character, and parameters of CSI after it: that of a program that does not write UTF-8.
const BARE_CSI = /(?<![\x80-\xff])\x9b(?=[0-9;?]+[ -/]*[@-~]|[mK])/g;

/** The first byte of an 8-bit character in UTF-8, and the one byte that stands for CSI without being UTF-8. */
const FIRST_OF_TWO = 0xc2;
const CSI = 0x9b;

/** Whether there may be a sequence of 8-bit characters in a text that these bytes are. */
export function mayHaveEightBit(buffer: Buffer): boolean {
  return buffer.includes(FIRST_OF_TWO) || buffer.includes(CSI);
}

/** The text of UTF-8; what is no UTF-8 becomes U+FFFD, but for the byte that begins a CSI sequence. */
export function decodeText(buffer: Buffer, start: number, end: number): string {
  return withBareCsi(buffer.toString('utf8', start, end), buffer, start, end);
}

/** As `decodeText`, of what was decoded already. */
export function withBareCsi(text: string, buffer: Buffer, start: number, end: number): string {
  if (!text.includes('\ufffd')) return text;
  const bytes = buffer.toString('latin1', start, end);
  const repaired = bytes.replace(BARE_CSI, '\xc2\x9b');
  return repaired === bytes ? text : Buffer.from(repaired, 'latin1').toString('utf8');
}

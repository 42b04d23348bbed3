/** What comes from a log line must steer no chat, no terminal and no page: it is removed once, before all else. */

/** Escape sequences of a terminal (ECMA-48): control sequences, strings to the operating system, and single ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]/g;
const LINE_ENDS = /\r\n?|[\u0085\u2028\u2029]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Marks of direction, the mark of byte order, and tags that no program shows. */
const UNSEEN = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** The text without what steers; its lines end in a line feed. A half of a surrogate pair becomes U+FFFD. */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(SEQUENCES, '')
    .replace(LINE_ENDS, '\n')
    .replaceAll('\t', ' ')
    .replace(CONTROLS, '')
    .replace(UNSEEN, '');
}

/** As `clean`, on one line. */
export function cleanLine(text: string): string {
  return clean(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

/** At most `most` code points of a text; where it is longer, the last of them is …. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = [...text];
  if (points.length <= most) return text;
  return most < 1 ? '' : `${points.slice(0, most - 1).join('')}…`;
}

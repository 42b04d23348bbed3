import { visible } from '../../../lib/visible.ts';

/** Sequences that colour a terminal or steer it: CSI, OSC with its end, and two-character ones. */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]|\u009b[0-?]*[ -/]*[@-~]/g;
/** They take no room, and hide in a name what tells it from another. */
const INVISIBLE = /[\u200b-\u200d\u2060\u00ad\u180e]/g;

/** A text of a record as it is shown: no colours, and what steers or cannot be seen is written out. A tab stays. */
export function plainText(text: string): string {
  return text
    .replaceAll(SEQUENCES, '')
    .split('\t')
    .map((part) => visible(part))
    .join('\t')
    .replaceAll(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Characters that steer a terminal, a page or a chat instead of being read: C0, DEL and C1 controls, line and paragraph
 * separators, and those that change the direction of the text around them (Unicode's Bidi_Control).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const HAS_STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const NAMES: { readonly [character: string]: string } = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** The text with every steering character written out: `\n`, `\t`, `\x1b`, `\u202e`. Other text is returned as it is. */
export function visible(text: string): string {
  return HAS_STEERING.test(text) ? text.replace(STEERING, written) : text;
}

function written(character: string): string {
  const code = character.charCodeAt(0);
  const name = NAMES[character];
  if (name !== undefined) return name;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

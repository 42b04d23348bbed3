/**
 * Characters that steer a terminal, a page or a chat instead of being read: C0, DEL and C1 controls, line and paragraph
 * separators, and those that change the direction of the text around them (Unicode's Bidi_Control).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const NAMES: { readonly [character: string]: string } = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * The text with every steering character written out: `\n`, `\t`, `\x1b`, `\u202e`. Other text is returned as it is. Of a
 * text that gets longer than `most`, the rest may be left off.
 */
export function visible(text: string, most: number = Number.POSITIVE_INFINITY): string {
  return STEERING.test(text) ? writeOut(text, most) : text;
}

/** A loop and no `replace()`: that one calls a function a character, and a text of nothing else would take ten times as long. */
function writeOut(text: string, most: number): string {
  let shown = '';
  let from = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (!isSteering(code)) continue;
    if (from < index) shown += text.slice(from, index);
    shown += WRITTEN[code] ?? written(code);
    from = index + 1;
    if (shown.length > most) return shown;
  }
  return shown + text.slice(from);
}

function isSteering(code: number): boolean {
  if (code < 0xa0) return code < 0x20 || code >= 0x7f;
  if (code < 0x2000) return code === 0x61c;
  if (code > 0x2069) return code === 0xfeff;
  return code === 0x200e || code === 0x200f || (code >= 0x2028 && code <= 0x202e) || code >= 0x2066;
}

function written(code: number): string {
  const name = NAMES[String.fromCharCode(code)];
  if (name !== undefined) return name;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The common ones, by their code. */
const WRITTEN: readonly string[] = Array.from({ length: 0xa0 }, (_, code) => written(code));

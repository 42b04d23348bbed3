/** What JSON.parse makes of a number may not be what was written: `1.0` becomes 1, and long integers lose their last digits. */

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const COMMA = 44;
const SPACE = 32;

const isOpening = (code: number): boolean => code === 123 || code === 91;
const isClosing = (code: number): boolean => code === 125 || code === 93;

/** The place behind the text that begins at `at`. */
function behindText(json: string, at: number): number {
  for (let end = json.indexOf('"', at + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let before = end - 1;
    while (json.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end + 1;
  }
  return json.length;
}

/** The place behind the object or list that begins at `at`. */
function behindNested(json: string, at: number): number {
  let depth = 0;
  for (let i = at; i < json.length; ) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) {
      i = behindText(json, i);
      continue;
    }
    i += 1;
    if (isOpening(code)) depth += 1;
    else if (isClosing(code)) {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return json.length;
}

function behindBlank(json: string, at: number): number {
  let i = at;
  while (json.charCodeAt(i) <= SPACE) i += 1;
  return i;
}

function behindWord(json: string, at: number): number {
  let i = at;
  for (; i < json.length; i += 1) {
    const code = json.charCodeAt(i);
    if (code === COMMA || code <= SPACE || isClosing(code)) break;
  }
  return i;
}

/**
 * The own texts of an object's members that are numbers, objects or lists, by their keys; of a key that is there twice the
 * last one, as JSON.parse has it. `json` is an object that JSON.parse takes.
 */
export function rawMembers(json: string): Map<string, string> {
  const found = new Map<string, string>();
  let at = behindBlank(json, json.indexOf('{') + 1);
  while (at < json.length && json.charCodeAt(at) === QUOTE) {
    const keyEnd = behindText(json, at);
    const key = keyOf(json.slice(at, keyEnd));
    at = behindBlank(json, keyEnd);
    if (json.charCodeAt(at) === COLON) at = behindBlank(json, at + 1);
    const code = json.charCodeAt(at);
    const end = code === QUOTE ? behindText(json, at) : isOpening(code) ? behindNested(json, at) : behindWord(json, at);
    if (code === QUOTE) found.delete(key);
    else found.set(key, json.slice(at, end));
    at = behindBlank(json, end);
    if (json.charCodeAt(at) === COMMA) at = behindBlank(json, at + 1);
  }
  return found;
}

function keyOf(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

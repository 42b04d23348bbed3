/** Where a document is written to: a `Buffer`, whose `write` takes UTF-8. */
export interface Memory extends Uint8Array {
  write(text: string, at: number): number;
}

/** What stands for "the general way is needed". */
export const NO = -1;
/** The largest number whose digits are worked out here. */
const MOST_DIGITS = 999_999_999;
/** A bit of each of four bytes: the lowest and the highest. */
const [ONES, HIGH_BITS] = [0x01010101, 0x80808080];
const [QUOTE, BACKSLASH, BLANK, TILDE, ZERO] = [34, 92, 32, 126, 48];

/** The UTF-8 of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Writes bytes, and gives where they end. */
export function put(memory: Memory, at: number, bytes: Uint8Array): number {
  memory.set(bytes, at);
  return at + bytes.length;
}

/** A view of bytes, which reads and writes several at once wherever they begin. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Copies the bytes from `start` up to `end`, and up to three more. Gives where they end. To call for it takes longer. */
export function copy(memory: DataView, at: number, from: DataView, start: number, end: number): number {
  for (let next = 0; start + next < end; next += 4) memory.setInt32(at + next, from.getInt32(start + next, true), true);
  return at + end - start;
}

/** Writes a text of ASCII characters that JSON writes as they are; -1 for any other. */
export function putPlain(memory: Memory, at: number, text: string): number {
  let end = at;
  for (let from = 0; from < text.length; from += 1) {
    const code = text.charCodeAt(from);
    if (code < BLANK || code > TILDE || code === QUOTE || code === BACKSLASH) return NO;
    memory[end] = code;
    end += 1;
  }
  return end;
}

/** The same for a longer text, of at least four characters: all of it is written at once, and then looked at. */
export function putLong(memory: Memory, at: number, text: string): number {
  const end = at + memory.write(text, at);
  return end - at === text.length && isPlain(memory, at, end) ? end : NO;
}

/** Whether bytes are ASCII characters that JSON writes as they are. Four at once: one by one takes as long as a pattern. */
export function isPlain(memory: Uint8Array, from: number, end: number): boolean {
  let odd = 0;
  for (let at = from; at < end; at += 4) {
    // The last four may have been among those before.
    const start = at + 4 > end ? end - 4 : at;
    odd |= oddOf(fourAt(memory, start));
  }
  return (odd & HIGH_BITS) === 0;
}

/** The same of all bytes of the first words, which is three times as fast. */
export function areWordsPlain(words: Int32Array, count: number): boolean {
  let odd = 0;
  for (let at = 0; at < count; at += 1) odd |= oddOf(words[at] as number);
  return (odd & HIGH_BITS) === 0;
}

function fourAt(memory: Uint8Array, at: number): number {
  const [low, high] = [memory[at] as number, memory[at + 3] as number];
  return low | ((memory[at + 1] as number) << 8) | ((memory[at + 2] as number) << 16) | (high << 24);
}

/** Has the highest bit of a byte set where one of the four is a control, a quote, a backslash, DEL or no ASCII. */
function oddOf(four: number): number {
  const quote = four ^ (QUOTE * ONES);
  const backslash = four ^ (BACKSLASH * ONES);
  const isControl = (four - BLANK * ONES) & ~four;
  return four | (four + ONES) | isControl | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash);
}

/** Writes a number that is known to be plain text, such as `-12` or `1.5e+21`. */
export function putNumber(memory: Memory, at: number, value: number, text: string | undefined): number {
  if (text !== undefined || value < 0 || value > MOST_DIGITS) return putPlain(memory, at, text ?? `${value}`);
  let end = at + 1;
  for (let most = 10; most <= value; most *= 10) end += 1;
  let left = value;
  for (let place = end - 1; place >= at; place -= 1) {
    const tens = (left / 10) | 0;
    memory[place] = ZERO + left - tens * 10;
    left = tens;
  }
  return end;
}

const BLANK = 32;
const ZERO = 48;

/** The first three digits of a fraction of a second, between the two indexes, in ms. */
export function thousandths(line: string, from: number, end: number): number {
  let ms = 0;
  let scale = 100;
  for (let at = from; at < end && at < from + 3; at++) {
    ms += (line.charCodeAt(at) - ZERO) * scale;
    scale /= 10;
  }
  return ms;
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** The number of `count` digits at `from`, the first of which may be a blank; NaN where it is not one. */
export function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const code = text.charCodeAt(at);
    if (code === BLANK && at === from) continue;
    if (!isDigit(code)) return Number.NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}

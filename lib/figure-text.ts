import { shortSpanText } from './duration.ts';

/** Below, a minute more or less says too little. */
const EXACT_SECONDS = 120;
const EXACT_MS = 10_000;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** The unit is the end of a key's name. */
const UNITS: readonly (readonly [ending: RegExp, words: (value: number) => string])[] = [
  [/_bytes$/, bytesText],
  [/_percent$/, (value) => `${shortNumber(value)} %`],
  [/_ms$/, (value) => (Math.abs(value) < EXACT_MS ? `${shortNumber(value)} ms` : secondsText(value / 1000))],
  [/_seconds$/, secondsText],
  [/_days_left$/, (value) => `${shortNumber(value)} d`],
];

/** A number of a record for people: with the unit that ends its key, and no digits that say nothing. */
export function figureText(key: string, value: number): string {
  const unit = UNITS.find(([ending]) => ending.test(key));
  return unit === undefined ? shortNumber(value) : unit[1](value);
}

export function hasUnit(key: string): boolean {
  return UNITS.some(([ending]) => ending.test(key));
}

/** At most two places after the point, three digits of small fractions, and no fraction from 1,000 on; never -0. */
function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size < 1 && size !== 0) return `${Number(value.toPrecision(3))}`;
  // Beyond that a double holds no fraction, and `toFixed()` writes an exponent.
  if (size >= Number.MAX_SAFE_INTEGER) return `${value}`;
  return `${Number(value.toFixed(size < 1000 ? 2 : 0)) + 0}`;
}

/** As `df -h` counts: by 1,024. */
function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1023.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${shortNumber(Number(value.toFixed(unit === 0 ? 0 : 1)))} ${BYTE_UNITS[unit]}`;
}

export function secondsText(seconds: number): string {
  if (seconds < 0) return `-${secondsText(-seconds)}`;
  if (seconds >= EXACT_SECONDS) return shortSpanText(seconds);
  return `${seconds < 10 ? shortNumber(seconds) : Math.round(seconds)} s`;
}

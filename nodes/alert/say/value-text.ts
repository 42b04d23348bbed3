import { shortSpanText } from '../../../lib/duration.ts';
import { visible } from '../../../lib/visible.ts';

/** What stands where there is no value. */
export const NO_VALUE = '–';

const LONGEST = 500;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** A value for people, by the unit that ends its key's name: 91.2 %, 1.5 GB, 3 h 12 min. A text is cut, and shows what steers. */
export function valueText(key: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return NO_VALUE;
  if (typeof value !== 'number') return shortText(typeof value === 'string' ? value : String(value));
  if (!Number.isFinite(value)) return NO_VALUE;
  if (key.endsWith('_percent')) return `${rounded(value)} %`;
  if (key.endsWith('_bytes')) return bytesText(value);
  if (key.endsWith('_seconds')) return secondsText(value);
  if (key.endsWith('_ms')) return Math.abs(value) < 10_000 ? `${rounded(value)} ms` : secondsText(value / 1000);
  return rounded(value);
}

/** At most two digits behind the point, and all that stand before it; small fractions keep three that count. */
function rounded(value: number): string {
  const magnitude = Math.abs(value);
  const number = magnitude === 0 || magnitude >= 1 ? Math.round(value * 100) / 100 : Number(value.toPrecision(3));
  // Without "-0".
  return String(Number.isFinite(number) ? number + 0 : value);
}

function bytesText(bytes: number): string {
  let [rest, unit] = [bytes, 0];
  while (Math.abs(rest) >= 1000 && unit < BYTE_UNITS.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${Math.round(rest * 10) / 10 + 0} ${BYTE_UNITS[unit]}`;
}

function secondsText(seconds: number): string {
  if (seconds < 0) return `-${secondsText(-seconds)}`;
  return seconds < 60 ? `${rounded(seconds)} s` : shortSpanText(seconds);
}

/** A text from outside, fit to stand in a sentence. */
export function shortText(text: string): string {
  const shown = visible(text.length > LONGEST ? `${withoutHalf(text.slice(0, LONGEST))}…` : text);
  return shown.toWellFormed?.() ?? shown;
}

/** A cut must not leave half of a character. */
export function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

import { bytesOf } from './memory.ts';

/** Milliseconds that `readTime` takes for a time: before year 5138, and what looks like seconds only before 1973. */
const LATEST_MS = 1e14;
const [ZERO, NINE, DOT, LETTER_Z] = [48, 57, 46, 90];
/** The bytes of a stamp, as it is in a record. */
export const STAMP_BYTES = 24;
const SECOND_BYTES = 19;
const MINUTE_BYTES = 17;

/**
 * Writes `2026-01-01T00:00:00.010Z`, the form of every record of ours, as GELF's seconds since the epoch: `1767225600.010`.
 * Neighbouring records share their second, or at least their minute, which are worked out once: `Date.parse` and a number's
 * way to text together take longer than all the rest of a message.
 */
export class StampWriter {
  /** `2026-01-01T00:00:`; none where it is blank. */
  readonly #minute = new Uint8Array(MINUTE_BYTES);
  #minuteSeconds = 0;
  /** The seconds since the epoch of the last stamp, and their digits. */
  #seconds = Number.NaN;
  #digits: Uint8Array = new Uint8Array();

  /** Writes the stamp of which the text begins at `from` into `bytes` from `at` on. Gives where it ends; -1 for another form. */
  write(time: Uint8Array, from: number, bytes: Uint8Array, at: number): number {
    if (time[from + SECOND_BYTES] !== DOT || time[from + STAMP_BYTES - 1] !== LETTER_Z) return -1;
    if (!this.#isOfMinute(time, from) && !this.#readMinute(time, from)) return -1;
    const second = digit(time, from + 17) * 10 + digit(time, from + 18);
    if (!(second < 60)) return -1;
    const digits = this.#digitsOf(this.#minuteSeconds + second);
    let end = at;
    for (let next = 0; next < digits.length; next += 1, end += 1) bytes[end] = digits[next] as number;
    bytes[end] = DOT;
    for (let next = from + SECOND_BYTES + 1; next < from + STAMP_BYTES - 1; next += 1) {
      const code = time[next] as number;
      if (code < ZERO || code > NINE) return -1;
      end += 1;
      bytes[end] = code;
    }
    return end + 1;
  }

  #isOfMinute(time: Uint8Array, from: number): boolean {
    for (let at = 0; at < MINUTE_BYTES; at += 1) if (time[from + at] !== this.#minute[at]) return false;
    return true;
  }

  #readMinute(time: Uint8Array, from: number): boolean {
    const bytes = time.subarray(from, from + MINUTE_BYTES);
    const ms = Date.parse(`${String.fromCharCode(...bytes)}00.000Z`);
    if (!(ms > 0 && ms < LATEST_MS)) return false;
    this.#minute.set(bytes);
    this.#minuteSeconds = ms / 1000;
    return true;
  }

  #digitsOf(seconds: number): Uint8Array {
    if (seconds === this.#seconds) return this.#digits;
    this.#seconds = seconds;
    this.#digits = bytesOf(String(seconds));
    return this.#digits;
  }
}

function digit(bytes: Uint8Array, at: number): number {
  const value = (bytes[at] as number) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

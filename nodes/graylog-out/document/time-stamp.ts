import { bytesOf } from './memory.ts';

/** Milliseconds that `readTime` takes for a time: before year 5138, and what looks like seconds only before 1973. */
const LATEST_MS = 1e14;
const [ZERO, NINE, DOT, LETTER_Z] = [48, 57, 46, 90];
const TEXT_UNITS = 24;
const SECOND_UNITS = 19;
const MINUTE_UNITS = 17;

/**
 * Writes `2026-01-01T00:00:00.010Z`, the form of every record of ours, as GELF's seconds since the epoch: `1767225600.010`.
 * Neighbouring records share their second, or at least their minute, which are worked out once: `Date.parse` and a number's
 * way to text together take longer than all the rest of a message.
 */
export class StampWriter {
  /** `2026-01-01T00:00:`; none where it is blank. */
  readonly #minute = new Uint8Array(MINUTE_UNITS);
  #minuteSeconds = 0;
  /** The seconds since the epoch of the last stamp, and their digits. */
  #seconds = Number.NaN;
  #digits: Uint8Array = new Uint8Array();

  /** Writes the stamp into `bytes` from `at` on. Gives where it ends; -1 for a time of any other form. */
  write(time: string, bytes: Uint8Array, at: number): number {
    if (time.length !== TEXT_UNITS || time.charCodeAt(SECOND_UNITS) !== DOT) return -1;
    if (time.charCodeAt(TEXT_UNITS - 1) !== LETTER_Z) return -1;
    if (!this.#isOfMinute(time) && !this.#readMinute(time)) return -1;
    const second = digit(time, 17) * 10 + digit(time, 18);
    if (!(second < 60)) return -1;
    const digits = this.#digitsOf(this.#minuteSeconds + second);
    let end = at;
    for (let from = 0; from < digits.length; from += 1, end += 1) bytes[end] = digits[from] as number;
    bytes[end] = DOT;
    for (let from = SECOND_UNITS + 1; from < TEXT_UNITS - 1; from += 1) {
      const code = time.charCodeAt(from);
      if (code < ZERO || code > NINE) return -1;
      end += 1;
      bytes[end] = code;
    }
    return end + 1;
  }

  /** A loop: to ask a text how it begins takes twice as long. */
  #isOfMinute(time: string): boolean {
    for (let at = 0; at < MINUTE_UNITS; at += 1) if (time.charCodeAt(at) !== this.#minute[at]) return false;
    return true;
  }

  #readMinute(time: string): boolean {
    const minute = time.slice(0, MINUTE_UNITS);
    const ms = Date.parse(`${minute}00.000Z`);
    if (!(ms > 0 && ms < LATEST_MS)) return false;
    this.#minute.set(bytesOf(minute));
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

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

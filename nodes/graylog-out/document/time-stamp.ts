/** Milliseconds that `readTime` takes for a time: before year 5138, and what looks like seconds only before 1973. */
const LATEST_MS = 1e14;
const [ZERO, NINE, DOT, LETTER_Z] = [48, 57, 46, 90];
const TEXT_UNITS = 24;
const SECOND_UNITS = 19;

/**
 * Writes `2026-01-01T00:00:00.010Z`, the form of every record of ours, as GELF's seconds since the epoch: `1767225600.010`.
 * Neighbouring records share their second, or at least their minute, which are worked out once: `Date.parse` and a number's
 * way to text together take longer than all the rest of a message.
 */
export class StampWriter {
  #minute = '';
  #minuteSeconds = 0;
  #second = '';
  #secondText = '';

  /** Writes the stamp into `bytes` from `at` on. Gives where it ends; -1 for a time of any other form. */
  write(time: string, bytes: Uint8Array, at: number): number {
    if (time.length !== TEXT_UNITS || time.charCodeAt(SECOND_UNITS) !== DOT) return -1;
    if (time.charCodeAt(TEXT_UNITS - 1) !== LETTER_Z || !this.#isSecond(time)) return -1;
    let end = at;
    for (let from = 0; from < this.#secondText.length; from += 1, end += 1)
      bytes[end] = this.#secondText.charCodeAt(from);
    bytes[end] = DOT;
    for (let from = SECOND_UNITS + 1; from < TEXT_UNITS - 1; from += 1) {
      const code = time.charCodeAt(from);
      if (code < ZERO || code > NINE) return -1;
      end += 1;
      bytes[end] = code;
    }
    return end + 1;
  }

  #isSecond(time: string): boolean {
    if (this.#second !== '' && time.startsWith(this.#second)) return true;
    if (this.#minute === '' || !time.startsWith(this.#minute)) {
      const ms = Date.parse(`${time.slice(0, 17)}00.000Z`);
      if (!(ms > 0 && ms < LATEST_MS)) return false;
      this.#minute = time.slice(0, 17);
      this.#minuteSeconds = ms / 1000;
    }
    const seconds = digit(time, 17) * 10 + digit(time, 18);
    if (!(seconds < 60)) return false;
    this.#second = time.slice(0, SECOND_UNITS);
    this.#secondText = String(this.#minuteSeconds + seconds);
    return true;
  }
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** Milliseconds that `readTime` takes for a time: before year 5138, and what looks like seconds only before 1973. */
const LATEST_MS = 1e14;
const ZERO = 48;

/**
 * Writes `2026-01-01T00:00:00.010Z`, the form of every record of ours, as GELF's seconds since the epoch: `1767225600.010`.
 * Undefined for any other form. Neighbouring records share their second, or at least their minute, which are worked out once:
 * `Date.parse` and a number's way to text together take longer than all the rest of a message.
 */
export function createStampWriter(): (time: string) => string | undefined {
  let minute = '';
  let minuteSeconds = 0;
  let second = '';
  let secondText = '';
  return (time) => {
    if (time.length !== 24 || time.charCodeAt(19) !== 46 || time.charCodeAt(23) !== 90) return undefined;
    const milliseconds = digit(time, 20) + digit(time, 21) + digit(time, 22);
    if (Number.isNaN(milliseconds)) return undefined;
    if (second !== '' && time.startsWith(second)) return secondText + time.slice(19, 23);
    if (minute === '' || !time.startsWith(minute)) {
      const ms = Date.parse(`${time.slice(0, 17)}00.000Z`);
      if (!(ms > 0 && ms < LATEST_MS)) return undefined;
      minute = time.slice(0, 17);
      minuteSeconds = ms / 1000;
    }
    const seconds = digit(time, 17) * 10 + digit(time, 18);
    if (!(seconds < 60)) return undefined;
    second = time.slice(0, 19);
    secondText = String(minuteSeconds + seconds);
    return secondText + time.slice(19, 23);
  };
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

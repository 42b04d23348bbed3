/** `2026-11-23T18:04:20.123456+01:00`, and `Nov 23 18:04:20` without a zone. */
const STAMP =
  /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:)\d\d(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?|([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:)\d\d)/;
const DOT = 46;
const ZERO = 48;

/**
 * The time of lines in ms since the epoch. Only the seconds of a minute are read from each line: the record's own time is
 * text made of parts, and to read a character of it takes longer than all else here.
 */
export class RecordClock {
  /** The minute and the zone of the line before, where they stand in it, and when the minute began. */
  #minute = '\0';
  #zone = '';
  #zoneAt = 0;
  #baseMs = 0;

  /** `time` is that of the record of the line: ISO 8601 UTC. It counts where the line begins with no stamp known here. */
  ms(line: string, time: string): number {
    if (!line.startsWith(this.#minute) || !line.startsWith(this.#zone, this.#zoneAt)) return this.#learn(line, time);
    return this.#baseMs + secondsOf(line, this.#minute.length);
  }

  #learn(line: string, time: string): number {
    const ms = Date.parse(time);
    const [stamp, isoMinute, zone = '', minute = isoMinute] = STAMP.exec(line) ?? [];
    if (stamp === undefined || minute === undefined) return ms;
    this.#minute = minute;
    this.#zone = zone;
    this.#zoneAt = stamp.length - zone.length;
    this.#baseMs = ms - secondsOf(line, minute.length);
    return ms;
  }
}

/** In ms, of `20` or `20.123` at `from`. */
function secondsOf(line: string, from: number): number {
  const seconds = (line.charCodeAt(from) - ZERO) * 10 + line.charCodeAt(from + 1) - ZERO;
  let fraction = 0;
  if (line.charCodeAt(from + 2) === DOT) {
    let scale = 100;
    for (let at = from + 3; at < from + 6; at++) {
      const digit = line.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      fraction += digit * scale;
      scale /= 10;
    }
  }
  return seconds * 1000 + fraction;
}

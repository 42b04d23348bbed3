const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** "54 d 3 h", "3 h 12 min" or "7 min", from seconds. */
export function spanText(seconds: number): string {
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
}

/** As `spanText`, with seconds where there is less than a minute: "40 s". */
export function shortSpanText(seconds: number): string {
  return seconds < MINUTE ? `${Math.floor(seconds)} s` : spanText(seconds);
}

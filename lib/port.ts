/** A TCP or UDP port as a number, or undefined when the value is not a whole number from 1 to 65535. */
export function parsePort(value: unknown): number | undefined {
  const text = String(value).trim();
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

import { configured } from '../../lib/environment.ts';

/** Whether the value is empty, left open, or the pattern of a first line. */
export function isPattern(value: unknown): boolean {
  const source = configured(value);
  try {
    return source === undefined || new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}

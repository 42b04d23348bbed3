import { isFolder } from '../../lib/docker/filter.ts';
import { configured } from '../../lib/environment.ts';
import { isAllowed, type NumberField } from '../../lib/number-field.ts';

/** What the dialog says of lines. */
export interface LineSettings {
  multiline?: unknown;
  multilineMs?: unknown;
  json?: unknown;
}

/** Up to how many milliseconds a message waits for its next line. */
export const MULTILINE_MS: NumberField = { initial: '500', minimum: 10, maximum: 60_000, whole: true };

/** The pattern that the first line of a message fits; undefined where lines are not joined. Throws a SyntaxError where it is none. */
export function multilinePattern(value: unknown): RegExp | undefined {
  const source = configured(value);
  return source === undefined ? undefined : new RegExp(source, 'u');
}

export function isPattern(value: unknown): boolean {
  try {
    multilinePattern(value);
    return true;
  } catch {
    return false;
  }
}

export interface WrongSetting {
  /** The key of a status. */
  readonly fault: 'badFolder' | 'badPattern' | 'badWait';
  readonly value: string;
}

export function wrongSetting(settings: LineSettings & { composeDir?: unknown }): WrongSetting | undefined {
  const { composeDir, multiline, multilineMs } = settings;
  if (!isFolder(composeDir)) return { fault: 'badFolder', value: String(composeDir) };
  if (!isPattern(multiline)) return { fault: 'badPattern', value: String(multiline) };
  if (!isAllowed(MULTILINE_MS, multilineMs)) return { fault: 'badWait', value: String(multilineMs) };
  return undefined;
}

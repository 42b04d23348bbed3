import { isFolder } from '../../lib/docker/filter.ts';
import { configured } from '../../lib/environment.ts';
import { isAllowed, type NumberField } from '../../lib/number-field.ts';

/** What the dialog says of lines. */
export interface LineSettings {
  multiline?: unknown;
  multilineMs?: unknown;
  json?: unknown;
  /** `now` or `start`. */
  from?: unknown;
}

/** Up to how many milliseconds a message waits for its next line. */
export const MULTILINE_MS: NumberField = { initial: '500', minimum: 10, maximum: 60_000, whole: true };

export function isPattern(value: unknown): boolean {
  const source = configured(value);
  try {
    return source === undefined || new RegExp(source, 'u').source !== '';
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

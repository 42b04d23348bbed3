import { isFolder } from '../../lib/docker/filter.ts';
import { isAllowed, type NumberField } from '../../lib/number-field.ts';
import { isPattern } from './pattern.ts';
import { parseRules } from './rules.ts';

/** What the dialog says of lines. */
export interface LineSettings {
  multiline?: unknown;
  multilineMs?: unknown;
  json?: unknown;
  /** `now` or `start`. */
  from?: unknown;
  /** Which of the two are read; both where the flow is older. */
  streams?: unknown;
  /** See `LogRule`. */
  rules?: unknown;
}

/** Up to how many milliseconds a message waits for its next line. */
export const MULTILINE_MS: NumberField = { initial: '500', minimum: 10, maximum: 60_000, whole: true };

export interface WrongSetting {
  /** The key of a status. */
  readonly fault: 'badFolder' | 'badPattern' | 'badWait' | 'badRules';
  readonly value: string;
}

export function wrongSetting(settings: LineSettings & { composeDir?: unknown }): WrongSetting | undefined {
  const { composeDir, multiline, multilineMs } = settings;
  if (!isFolder(composeDir)) return { fault: 'badFolder', value: String(composeDir) };
  if (!isPattern(multiline)) return { fault: 'badPattern', value: String(multiline) };
  if (!isAllowed(MULTILINE_MS, multilineMs)) return { fault: 'badWait', value: String(multilineMs) };
  if (parseRules(settings.rules) === undefined) return { fault: 'badRules', value: JSON.stringify(settings.rules) };
  return undefined;
}

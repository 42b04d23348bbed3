import { TimedPattern } from '../../../lib/io/pattern.ts';
import type { Testers } from '../answer/body-test.ts';
import type { CheckSettings } from '../settings.ts';
import type { JsonataProcess, Lookup } from './jsonata.ts';

/** How long a regular expression may hold Node-RED for one body, in ms. */
const PATTERN_MS = 150;

/** What tests bodies by the expression of the settings. `signal` is that of the node. */
export function bodyTesters(
  { matchType, match }: CheckSettings,
  jsonata: JsonataProcess,
  lookup: Lookup,
  signal: AbortSignal,
): Testers {
  const options = { flags: '', timeoutMs: PATTERN_MS, mostCharacters: Number.POSITIVE_INFINITY };
  const pattern = matchType === 'matches' ? new TimedPattern(match, options) : undefined;
  return {
    matches: (text) => pattern?.test(text),
    evaluate: (text) => jsonata.evaluate(match, text, lookup, signal),
  };
}

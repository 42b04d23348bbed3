import { errorCode, explain } from '../../lib/errors.ts';
import type { Translate } from '../../lib/status.ts';

/** The errors that this node's catalogue has better words for than the system, and the key of these words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'ENOENT'],
  ['EACCES', 'EACCES'],
  ['ECONNREFUSED', 'ECONNREFUSED'],
  ['ECONNRESET', 'ECONNRESET'],
  ['ENOTFOUND', 'ENOTFOUND'],
  ['NO_ANSWER_WITHIN', 'NO_ANSWER'],
  ['NO_JSON', 'NO_JSON'],
  ['NO_ENGINE', 'NO_ENGINE'],
]);

/** Why the engine did not do what was asked, for people. */
export function explainEngineError(error: unknown, translate: Translate): string {
  const key = WORDS.get(errorCode(error) ?? '');
  return key === undefined ? explain(error, translate) : translate(`docker-engine.reason.${key}`);
}

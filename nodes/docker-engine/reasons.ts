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

/** The same of the folder of pods' logs: what helps there is another thing than with a socket. */
const POD_WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'noFolder'],
  ['ENOTDIR', 'noFolder'],
  ['EACCES', 'deniedFolder'],
  ['EPERM', 'deniedFolder'],
  ['NO_ANSWER_WITHIN', 'NO_ANSWER'],
]);

/** Why the engine did not do what was asked, for people. */
export function explainEngineError(error: unknown, translate: Translate): string {
  const key = WORDS.get(errorCode(error) ?? '');
  return key === undefined ? explain(error, translate) : translate(`docker-engine.reason.${key}`);
}

/** Why the folder of pods' logs at `place`, or what is in it, cannot be read, for people. */
export function explainPodsError(error: unknown, place: string, translate: Translate): string {
  const key = POD_WORDS.get(errorCode(error) ?? '');
  if (key === undefined) return explain(error, translate);
  const { path } = (error ?? {}) as { path?: unknown };
  return translate(`docker-engine.reason.${key}`, { path: typeof path === 'string' ? path : place });
}

import { refusal, refusalWords } from '../../lib/docker/client.ts';

const NOT_FOUND = 404;
const CONFLICT = 409;
const NOT_IMPLEMENTED = 501;

/**
 * What the engine's refusal to give a log means. `gone`: the container is removed, or about to be. `unreadable`: its log
 * driver cannot be read. `passing`: anything else, the next attempt may succeed.
 */
export type LogRefusal = 'gone' | 'unreadable' | 'passing';

export function logRefusal(error: unknown): LogRefusal {
  const status = refusal(error);
  const words = refusalWords(error);
  // A container that removes itself takes its log with it: the engine may still find the one and not the other.
  const isGone = words.includes('no such file') || words.includes('no such container');
  if (status === NOT_FOUND || status === CONFLICT || isGone) return 'gone';
  if (status === NOT_IMPLEMENTED || words.includes('does not support reading')) return 'unreadable';
  return 'passing';
}

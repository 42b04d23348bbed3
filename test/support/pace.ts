/**
 * The pace of a load: how fast a writer writes, how late a server answers. It is the one file of `test/` that lets time
 * pass (`test/unit/test-rules.test.ts` sees to it). A test waits for an event: with `until()`, or with
 * `once(…, { signal: AbortSignal.timeout(…) })`.
 */
import { setTimeout as pass } from 'node:timers/promises';

/** The time between two messages of a load, in ms. */
export function gap(ms: number): Promise<void> {
  return pass(ms);
}

/** Writes every `ms`, until the function that it returns is called. */
export function writeEvery(ms: number, write: () => void): () => void {
  const timer = setInterval(write, ms);
  return () => clearInterval(timer);
}

/** A server's answer that comes `ms` late; not at all once the function that it returns is called. */
export function answerAfter(ms: number, answer: () => void): () => void {
  const timer = setTimeout(answer, ms);
  return () => clearTimeout(timer);
}

/** Keeps one CPU busy for `ms`, and everything else of this process waiting. */
export function keepBusy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) Math.sqrt(end);
}

/**
 * What a function node of a user does that keeps Node-RED busy for a millisecond with each msg: from one millisecond of the
 * clock to the next, because it has no finer one.
 */
export const BUSY_FOR_A_MILLISECOND = `
  const end = Math.max(context.get('end') ?? 0, Date.now() - 1) + 1;
  context.set('end', end);
  while (Date.now() < end);`;

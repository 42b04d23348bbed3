import { gap } from './pace.ts';

/** How often it looks, in ms. */
const LOOK_MS = 20;

/**
 * How long a test waits for an event before it fails, in ms. It passes as soon as the event is there, so this costs nothing
 * where all is well. It is long because a machine that runs much else may not run a test for many seconds.
 */
export const PATIENCE_MS = 45_000;

/** Waits until `holds` says so, looking every 20 ms. Rejects after `deadlineMs`, naming what it waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  deadlineMs = PATIENCE_MS,
  what: () => string = () => String(holds),
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what()}`);
    await gap(LOOK_MS);
  }
}

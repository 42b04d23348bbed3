import { gap } from './pace.ts';

/** How often it looks, in ms. */
const LOOK_MS = 20;

/** Waits until `holds` says so, looking every 20 ms. Rejects after `deadlineMs`, naming what it waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 15_000,
  what: () => string = () => String(holds),
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what()}`);
    await gap(LOOK_MS);
  }
}

import { setTimeout as after } from 'node:timers/promises';

/** Waits until `holds` says so, looking every 20 ms. Rejects after `deadlineMs`, naming what it waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 15_000,
  what: () => string = () => String(holds),
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what()}`);
    await after(20);
  }
}

// How fast rules are changed. Before 7.1, each change of a rule, a pipeline or a connection makes every node of Graylog read all
// rules anew, one reading after the other, on the threads that it needs for all else: with hundreds of changes at once it runs no
// event definition for minutes, and reads twice as many rules as when each change waits for the one before.
import { connection, pipeline, rule } from './kinds/parsing.js';

/** How many of those threads are at work. It is there from 6.2 on. */
const METRIC = 'org.graylog2.shared-thread-pools.scheduled-daemon-executor.running';
/** Graylog itself seldom has more of them at work. */
const FEW = 3;
const READ_ANEW = [rule, pipeline, connection];
const HOLD_MS = 120_000;
const THROUGH_MS = 600_000;
const PAUSE_MS = 100;

/** To be told of each change of an installation, one after the other. */
export class Pace {
  #graylog;
  #pending = 0;
  #isRead = true;
  #isHeld = true;

  constructor(graylog) {
    this.#graylog = graylog;
  }

  /** Whether something was changed that Graylog has to read. */
  get isDue() {
    return !this.#isRead;
  }

  /** After a thing of this kind was changed. Waits where many were since the last time. */
  async after(kind) {
    if (!READ_ANEW.includes(kind)) return;
    this.#isRead = false;
    this.#pending += 1;
    if (this.#pending < rule.atOnce || !this.#isHeld) return;
    this.#pending = 0;
    this.#isHeld = await untilThrough(this.#graylog, HOLD_MS);
  }

  /** Waits until all is read. Resolves to whether it is: false after ten minutes. */
  async settle() {
    this.#isRead = true;
    return await untilThrough(this.#graylog, THROUGH_MS);
  }
}

async function untilThrough(graylog, withinMs) {
  for (const endMs = Date.now() + withinMs; ; ) {
    if (!(await isBusy(graylog))) return true;
    if (Date.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** A node that does not answer in a second is busy: it may be left out. */
async function isBusy(graylog) {
  const nodes = Object.values(await graylog.post('/cluster/metrics/multiple', { metrics: [METRIC] }));
  return nodes.length === 0 || nodes.some((node) => !node || node.metrics.some(({ metric }) => metric.count > FEW));
}

import type { Notices } from './engine.ts';

/** What is a while ago says nothing about now. In ms. */
const RECENT_MS = 600_000;

/** How often something was not judged within the last minutes; each count by itself. */
export class RecentNotices {
  #before: Notices = {};
  #last: Notices = {};
  #turnMs = 0;

  /** `notices` counts since the start. Between ten and twenty minutes back. */
  recent(notices: Notices, nowMs: number): Notices {
    if (nowMs >= this.#turnMs || nowMs < this.#turnMs - RECENT_MS) {
      this.#before = this.#last;
      this.#last = { ...notices };
      this.#turnMs = nowMs + RECENT_MS;
    }
    const recent: Notices = {};
    for (const name of Object.keys(notices) as (keyof Notices)[]) {
      const count = (notices[name] ?? 0) - (this.#before[name] ?? 0);
      if (count > 0) recent[name] = count;
    }
    return recent;
  }
}

import type { Received } from './document/record.ts';

const HOUR_MS = 3_600_000;
/** Names come from outside. */
const MOST_HOSTS = 1_000;

/** Finds hosts whose clock is ahead by an hour or more. One that is behind cannot be told from one that was away. */
export class HostClocks {
  readonly #told = new Set<unknown>();

  /** Whether this is the first record of its host from so far ahead. */
  isAhead({ aheadMs, payload }: Received): boolean {
    if (aheadMs < HOUR_MS || this.#told.has(payload.host) || this.#told.size >= MOST_HOSTS) return false;
    this.#told.add(payload.host);
    return true;
  }
}

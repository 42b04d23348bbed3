import type { Exchange } from '../../nodes/http-check/answer/exchange.ts';

/** What a check does after a failure. */
export const policy = { retries: 2, resend: 0 };

/** A request that was answered, or `part` of it otherwise. */
export function exchange(part: Partial<Exchange> = {}): Exchange {
  return {
    url: 'http://web/',
    method: 'GET',
    totalMs: 34.26,
    phases: { connect: 1.04, first_byte: 30, body: 3 },
    redirects: 0,
    responseCode: 200,
    ...part,
  };
}

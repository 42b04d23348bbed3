import type { Exchange } from '../../nodes/http-check/answer/exchange.ts';

/** "timeout in connect": the failure of a check and its phase. */
export function failureOf({ failure }: Exchange): string {
  return `${failure?.type} in ${failure?.phase}`;
}

export function bodyText({ body }: Exchange): string {
  return Buffer.from(body ?? []).toString();
}

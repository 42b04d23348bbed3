import { Resolver } from '../../lib/io/resolver.ts';
import { type Exchange, failureWords } from '../../nodes/http-check/answer/exchange.ts';
import { type CheckRequest, type CheckTools, runCheck } from '../../nodes/http-check/io/check.ts';
import { createTools } from '../../nodes/http-check/io/tools.ts';

/** A request with a time-out and limits that suit a test. */
export function checkRequest(url: string, options: Partial<CheckRequest> = {}): CheckRequest {
  return {
    url: new URL(url),
    method: 'GET',
    headers: {},
    body: undefined,
    timeoutMs: 10_000,
    maxRedirects: 5,
    bodyLimit: 1024 * 1024,
    isHeadEnough: false,
    keyword: undefined,
    family: 0,
    insideRedirects: false,
    isStrict: false,
    tls: {},
    proxyFor: () => undefined,
    ...options,
  };
}

/** One check as the node runs it. */
export function checkOnce(
  url: string,
  options: Partial<CheckRequest> = {},
  resolver = new Resolver(),
  tools: CheckTools = createTools(resolver),
): Promise<Exchange> {
  return runCheck(checkRequest(url, options), tools, new AbortController().signal);
}

/** Why the request failed, with the key and the values of this package's errors in the place of their words. */
export function failureReason({ failure }: Exchange): string {
  if (failure === undefined) return '';
  return failureWords(failure, (key, args = {}) => [key, ...Object.values(args)].join(' '));
}

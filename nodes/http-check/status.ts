import { shortSpanText } from '../../lib/duration.ts';
import type { Arguments, State, Translate } from '../../lib/status.ts';
import { type Exchange, isHeldUp } from './answer/exchange.ts';
import type { Failure } from './answer/result.ts';
import { hasPlaceholder } from './request/url.ts';
import type { Verdict } from './state.ts';

export interface Shown {
  state: State;
  key: string;
  args: Arguments;
}

/** What stands under the node after a check. */
export function statusOf(
  exchange: Exchange,
  failure: Failure | undefined,
  verdict: Verdict,
  tlsWarnDays: number | undefined,
): Shown {
  if (failure !== undefined) {
    const type = failure.type;
    if (type === 'local_error') return { state: 'warning', key: 'notTold', args: {} };
    if (verdict.next.state === 'up')
      return { state: 'warning', key: 'failing', args: { type, failures: verdict.next.failures } };
    const since = (verdict.downMs ?? 0) / 1000;
    return since < 1
      ? { state: 'bad', key: 'wentDown', args: { type } }
      : { state: 'bad', key: 'down', args: { type, span: shortSpanText(since) } };
  }
  const args = { code: exchange.responseCode ?? 0, ms: Math.round(exchange.totalMs) };
  if (isHeldUp(exchange)) return { state: 'ok', key: 'answeredHeldUp', args };
  const days = exchange.tlsDaysLeft;
  return tlsWarnDays !== undefined && days !== undefined && days < tlsWarnDays
    ? { state: 'warning', key: 'expiring', args: { ...args, days } }
    : { state: 'ok', key: 'answered', args };
}

/** What stands in a status and its sentence: `message` is that of the record. */
export function statusArguments({ args }: Shown, message: string, translate: Translate): Arguments {
  const { type } = args;
  return { ...args, message, ...(type !== undefined && { why: translate(`http-check.type.${type}`) }) };
}

/** What may hold a secret is not quoted, wrong as it is. */
const UNQUOTED = ['url', 'headers', 'body'];

/** What stands under a node whose property `field` has a value it cannot have, and whether the value may be shown. */
export function wrongSetting(field: string, config: object): Pick<Shown, 'state' | 'key'> & { isQuoted: boolean } {
  const isQuoted = !UNQUOTED.includes(field);
  if (field === 'credentials') return { state: 'fault', key: 'noCredentials', isQuoted: false };
  if (field === 'url' && hasPlaceholder(String(Reflect.get(config, field))))
    return { state: 'fault', key: 'placeholder', isQuoted };
  return { state: 'fault', key: isQuoted ? 'wrongSetting' : 'wrongUnquoted', isQuoted };
}

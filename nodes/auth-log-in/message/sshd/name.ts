import { endpointBefore, sourceOf } from '../address.ts';
import type { AuthFields } from '../fields.ts';

const UNKNOWN = /^(?:invalid|illegal) user /;

/**
 * `[invalid user ]NAME from ADDRESS[ port N]` between `nameAt` and `end`. The name can contain ` from `, so the address is
 * found from the right. `mayBeUnknown`: whether a name may follow the words `invalid user`.
 */
export function nameAndSource(
  text: string,
  nameAt: number,
  end = text.length,
  mayBeUnknown = true,
): Pick<AuthFields, 'user_name' | 'event_reason' | 'source_ip' | 'source_port' | 'source_hostname'> {
  const endpoint = endpointBefore(text, end);
  const from = endpoint === undefined ? text.lastIndexOf(' from ', end) : endpoint.start - 6;
  const name = text.slice(nameAt, from < nameAt ? end : from);
  const unknown = !mayBeUnknown ? undefined : UNKNOWN.exec(name)?.[0];
  const source = endpoint?.source ?? (from < nameAt ? {} : sourceOf(text.slice(from + 6, end)));
  return unknown === undefined
    ? { user_name: name, ...source }
    : { event_reason: 'invalid_user', user_name: name.slice(unknown.length), ...source };
}

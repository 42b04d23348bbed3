import { endpointBefore, sourceOf } from '../address.ts';
import { addSource, type FieldSet } from '../field-set.ts';

const UNKNOWN = /^(?:invalid|illegal) user /;

/**
 * Adds `[invalid user ]NAME from ADDRESS[ port N]` between `nameAt` and `end`. The name can contain ` from `, so the address is
 * found from the right. `mayBeUnknown`: whether a name may follow the words `invalid user`.
 */
export function addNameAndSource(
  fields: FieldSet,
  text: string,
  nameAt: number,
  end = text.length,
  mayBeUnknown = true,
): void {
  const endpoint = endpointBefore(text, end);
  const from = endpoint === undefined ? text.lastIndexOf(' from ', end) : endpoint.start - 6;
  const name = text.slice(nameAt, from < nameAt ? end : from);
  const unknown = !mayBeUnknown ? undefined : UNKNOWN.exec(name)?.[0];
  addSource(fields, endpoint?.source ?? (from < nameAt ? {} : sourceOf(text.slice(from + 6, end))));
  fields.user_name = unknown === undefined ? name : name.slice(unknown.length);
  if (unknown !== undefined) fields.event_reason = 'invalid_user';
}

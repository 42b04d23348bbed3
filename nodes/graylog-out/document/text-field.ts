import { isBlank } from '../../../lib/blank.ts';
import { longText } from '../../../lib/gelf-encoder.ts';
import { visible } from '../../../lib/visible.ts';
import type { Role } from './column.ts';
import { type Memory, NO } from './memory.ts';
import { MAX_BYTES_PER_UNIT, MAX_FIELD_BYTES } from './value.ts';

/** The longest text that is a field whatever its characters are. */
export const FIELD_UNITS = Math.floor(MAX_FIELD_BYTES / MAX_BYTES_PER_UNIT);
/** A message of several lines, or one whose line still has its end. */
const LINE_BREAK = /\n|\r$/;

/** Writes a text with characters that need care, with its quotes, up to `last` at most. */
export function specialText(role: Role, text: string, memory: Memory, at: number, last: number): number {
  if (role === 'message' && LINE_BREAK.test(text)) return NO;
  const shown = role === 'full' ? text : visible(text);
  // Written out it may be longer than a field.
  if (role !== 'message' && role !== 'full' && shown.length > FIELD_UNITS) return NO;
  const json = role === 'full' ? longText(text) : JSON.stringify(shown);
  return json.length * MAX_BYTES_PER_UNIT > last - at ? NO : at + memory.write(json, at);
}

/** Whether the general way would write the text as it is: no blank message, no host with blanks around it, not too long. */
export function isClear(role: Role, text: string, mostUnits: number): boolean {
  switch (role) {
    case 'field':
      return text.length <= FIELD_UNITS;
    case 'host':
      return text !== '' && text.length <= FIELD_UNITS && text.trim() === text;
    case 'message':
    case 'full':
      return text.length <= mostUnits && !isBlank(text);
    default:
      return false;
  }
}

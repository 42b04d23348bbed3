import type { InfraRecord } from '../../../lib/record.ts';
import { copyFields, FieldSet } from './field-set.ts';
import type { AuthFields } from './fields.ts';

/**
 * What a line says, for who goes on reading it after its record is made: records have as many shapes as there are kinds of
 * lines, and V8 reads a key of so many slowly. Empty texts and -1 stand for what the line does not tell.
 */
export class LineFacts {
  /** The time of the record, in ms since the epoch. */
  timeMs = 0;
  application = '';
  hostname = '';
  processId = -1;
  message = '';
  fields: FieldSet = new FieldSet('other');
}

/** The facts of a record that was made elsewhere. */
export function factsOf(record: InfraRecord): LineFacts {
  const { application_name: application, syslog_hostname: hostname, process_id: processId } = record;
  const facts = new LineFacts();
  facts.timeMs = Date.parse(record.time);
  if (typeof application === 'string') facts.application = application;
  if (typeof hostname === 'string') facts.hostname = hostname;
  if (typeof processId === 'number') facts.processId = processId;
  facts.message = record.message;
  // Its other keys are none of those that are copied.
  facts.fields = copyFields(new FieldSet('other'), record as unknown as AuthFields);
  return facts;
}

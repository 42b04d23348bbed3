import { type InfraRecord, type Level, Severity } from '../../../lib/record.ts';

/** The keys that a usual line adds to its record, and those that the memory of connections adds. */
const USUAL: { readonly [key: string]: string | number } = {
  ...{
    application_name: '',
    process_id: 0,
    syslog_hostname: '',
    event_action: '',
    event_outcome: '',
    event_reason: '',
  },
  ...{ user_name: '', source_ip: '', source_port: 0, auth_method: '', pam_module: '', pam_service: '' },
  ...{ connection_id: '', inherited_fields: '', login_failures: 0 },
};

type NewRecord = new (time: string, host: string, level: Level, message: string, id: string) => InfraRecord;

/**
 * Makes a record with only its envelope. V8 gives an object of a literal no room for more keys than stand
 * there, and moves those that are added. To objects of a constructor it gives the room that the first few needed: it is
 * called for records with the usual keys before all others. There is one for all readers, so that their records have the
 * same shapes.
 */
export const EmptyRecord = withRoom();

function withRoom(): NewRecord {
  function Empty(this: InfraRecord, time: string, host: string, level: Level, message: string, id: string): void {
    this.log_type = 'auth';
    this.time = time;
    this.host = host;
    this.level = level;
    this.message = message;
    this.event_id = id;
  }
  // A record is a plain object, whoever looks at it.
  Empty.prototype = Object.prototype;
  const Constructor = Empty as unknown as NewRecord;
  for (let n = 0; n < 8; n++) Object.assign(new Constructor('', '', Severity.info, '', ''), USUAL);
  return Constructor;
}

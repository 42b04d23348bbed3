import { type InfraRecord, Severity } from '../../../lib/record.ts';
import type { Program } from './programs.ts';

/** What the memory reads of a record, once: to read a key of records of many shapes takes long beside all else here. */
export class Entry {
  record!: InfraRecord;
  program!: Program;
  meaning = 0;
  nowMs = 0;
  host = '';
  processId = -1;
  address = '';
  port = -1;
  user = '';

  /** `program` wrote the record. Undefined and empty mean that it does not tell. */
  read(record: InfraRecord, program: Program, meaning: number, nowMs: number): void {
    const { syslog_hostname: host, process_id: processId, source_ip: address, source_port: port, user_name } = record;
    this.record = record;
    this.program = program;
    this.meaning = meaning;
    this.nowMs = nowMs;
    this.host = typeof host === 'string' ? host : '';
    this.processId = typeof processId === 'number' ? processId : -1;
    this.address = typeof address === 'string' ? address : '';
    this.port = typeof port === 'number' ? port : -1;
    this.user = typeof user_name === 'string' ? user_name : '';
  }

  /** The record adds so many failed logins. One of which nothing said how it ended is then a failure. */
  addFailures(failures: number): void {
    if (failures <= 0) return;
    const { record } = this;
    record.login_failures = failures;
    if (record.event_outcome !== undefined) return;
    record.event_outcome = 'failure';
    record.level = Severity.warning;
  }
}

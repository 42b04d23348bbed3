import { type InfraRecord, Severity } from '../../../lib/record.ts';
import type { FieldSet } from '../message/field-set.ts';
import type { Program } from './programs.ts';

/** A record, and what the memory reads of its line: to read a key of records of many shapes takes longer than all else. */
export class Entry {
  record!: InfraRecord;
  fields!: FieldSet;
  message = '';
  program!: Program;
  meaning = 0;
  nowMs = 0;
  host = '';
  processId = -1;
  address = '';
  port = -1;
  user = '';

  /** `program` wrote the record, of which the line says the fields. */
  read(record: InfraRecord, fields: FieldSet, program: Program, meaning: number): void {
    this.record = record;
    this.fields = fields;
    this.message = fields.text;
    this.program = program;
    this.meaning = meaning;
    this.nowMs = fields.timeMs;
    this.host = fields.hostname;
    this.processId = fields.processId;
    this.address = fields.source_ip ?? '';
    this.port = fields.source_port ?? -1;
    this.user = fields.user_name ?? '';
  }

  /** The record is of the same connection as the one before, and says nothing of it. */
  repeat(record: InfraRecord, fields: FieldSet): void {
    this.record = record;
    this.fields = fields;
    this.message = fields.text;
    this.nowMs = fields.timeMs;
  }

  /** The record adds so many failed logins. One of which nothing said how it ended is then a failure. */
  addFailures(failures: number): void {
    if (failures <= 0) return;
    const { record } = this;
    record.login_failures = failures;
    if (this.fields.event_outcome !== undefined) return;
    record.event_outcome = 'failure';
    record.level = Severity.warning;
  }
}

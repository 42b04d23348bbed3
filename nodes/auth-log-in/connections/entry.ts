import { type InfraRecord, Severity } from '../../../lib/record.ts';
import type { FieldSet } from '../message/field-set.ts';
import type { Program } from './programs.ts';

/**
 * A record, and what the memory reads of its line: to read a key of records of many shapes takes longer than all else. There
 * is a new one for each record: V8 notes each young value that is written into an old object. Only the
 * constructor writes its places (`declare`), so that V8 knows what stands in each.
 */
export class Entry {
  declare readonly record: InfraRecord;
  declare readonly fields: FieldSet;
  declare readonly message: string;
  declare readonly program: Program;
  declare readonly meaning: number;
  declare readonly nowMs: number;
  declare readonly host: string;
  declare readonly processId: number;
  declare readonly port: number;
  declare address: string;
  declare user: string;

  /** `program` wrote the record, of which the line says the fields. */
  constructor(record: InfraRecord, fields: FieldSet, program: Program, meaning: number) {
    this.record = record;
    this.fields = fields;
    this.message = fields.text;
    this.program = program;
    this.meaning = meaning;
    this.nowMs = fields.timeMs;
    this.host = fields.hostname;
    this.processId = fields.processId;
    this.port = fields.source_port ?? -1;
    this.address = fields.source_ip ?? '';
    this.user = fields.user_name ?? '';
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

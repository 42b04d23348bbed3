import { type InfraRecord, Severity } from '../../../lib/record.ts';
import type { FieldSet } from '../message/field-set.ts';
import type { Program } from './programs.ts';

/**
 * A record, and what the memory reads of its line: to read a key of records of many shapes takes longer than all else. The
 * memory has one for all its records: a new one for each is garbage at once.
 */
export class Entry {
  declare record: InfraRecord;
  declare fields: FieldSet;
  declare program: Program;
  declare meaning: number;
  declare port: number;
  declare address: string;
  declare user: string;

  /** `program` wrote the record, of which the line says the fields. */
  constructor(record: InfraRecord, fields: FieldSet, program: Program, meaning: number) {
    this.begin(record, fields, program, meaning);
  }

  /** Makes it that of another record. */
  begin(record: InfraRecord, fields: FieldSet, program: Program, meaning: number): this {
    this.record = record;
    this.fields = fields;
    this.program = program;
    this.meaning = meaning;
    this.port = fields.source_port ?? -1;
    this.address = fields.source_ip ?? '';
    this.user = fields.user_name ?? '';
    return this;
  }

  get message(): string {
    return this.fields.text;
  }

  get nowMs(): number {
    return this.fields.timeMs;
  }

  get host(): string {
    return this.fields.hostname;
  }

  get processId(): number {
    return this.fields.processId;
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

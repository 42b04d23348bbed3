import type { InfraRecord } from '../../../lib/record.ts';
import { type FieldSet, fieldsOf } from '../message/field-set.ts';
import { Attempts } from './attempts.ts';
import { type Connection, ENDED, FINISHED, LOGGED_IN } from './connection.ts';
import { ConnectionIndex } from './connection-index.ts';
import { Entry } from './entry.ts';
import { LoginSessions } from './login-sessions.ts';
import {
  ENDS,
  FINISHES,
  LISTENS,
  LOGS_IN,
  MAY_FAIL,
  meaningOf,
  NAMES,
  NOBODY,
  PAM_TELLS,
  PASSES,
  witnessOf,
} from './meaning.ts';
import { daemon, type Program, programOf } from './programs.ts';
import type { SavedMemory } from './saved.ts';

/**
 * Joins the lines of one connection: its id, what a line itself lacks, and how many failed logins a record adds. It is a
 * function of the records in their order alone, so that lines that are read again after a restart give the same. The clock
 * is the records' own time.
 */
export class ConnectionMemory {
  readonly #index: ConnectionIndex;
  readonly #attempts: Attempts;
  readonly #sessions: LoginSessions;
  /** The program of the record before. */
  #name = '';
  #program: Program | undefined;
  /** Of the record before: `last message repeated 3 times` means it. */
  #last: Connection | undefined;
  #lastWitness: number;
  #lastHost: string;
  #entry: Entry | undefined;

  constructor(saved?: SavedMemory) {
    this.#index = new ConnectionIndex(saved?.hosts, saved?.connections);
    this.#attempts = new Attempts(saved);
    this.#sessions = new LoginSessions(saved?.sessions);
    const [key, witness, host] = saved?.last ?? [0, NOBODY, ''];
    this.#last = key === 0 ? undefined : this.#index.withKey(key);
    this.#lastWitness = witness;
    this.#lastHost = host;
  }

  /** What to keep over a restart, beside the position after the last record. Nothing of it changes later. */
  save(): SavedMemory {
    return {
      ...this.#index.save(),
      ...this.#attempts.save(),
      sessions: this.#sessions.save(),
      last: [this.#last?.key ?? 0, this.#lastWitness, this.#lastHost],
    };
  }

  /** Does the same as `note` for an entry of the journal, which knows who wrote it: what others write as sshd joins nothing. */
  noteEntry(record: InfraRecord, fields?: FieldSet): void {
    if (record.process_executable === undefined || !isForeign(record)) this.note(record, fields);
  }

  /** Adds to a record what is known of its connection. Must be called for every record, in their order. */
  note(record: InfraRecord, fields: FieldSet = fieldsOf(record)): void {
    const { application: name } = fields;
    if (name === '') {
      if (this.#last !== undefined && fields.repeat_count !== undefined) this.#repeat(record, fields, this.#last);
      return;
    }
    this.#last = undefined;
    if (name !== this.#name) {
      this.#name = name;
      this.#program = programOf(name);
    }
    const program = this.#program;
    const meaning = meaningOf(fields);
    if (program === undefined) {
      if (name === 'systemd-logind') this.#sessions.note(record);
      if ((meaning & MAY_FAIL) === 0) return;
    }
    const entry = this.#entryOf(record, fields, program ?? daemon(name), meaning);
    if ((meaning & LISTENS) === 0) this.#noteConnection(entry);
    else {
      // The process that listens serves no connection, so whatever had its number before has ended.
      this.#index.release(entry);
      if (fields.event_action === 'ssh_connection_dropped') record.connection_id = record.event_id;
    }
  }

  #entryOf(record: InfraRecord, fields: FieldSet, program: Program, meaning: number): Entry {
    this.#entry = this.#entry?.begin(record, fields, program, meaning) ?? new Entry(record, fields, program, meaning);
    return this.#entry;
  }

  #noteConnection(entry: Entry): void {
    const connection = this.#index.find(entry);
    if (isProven(connection)) {
      entry.record.connection_id = connection.id;
      connection.lend(entry);
    }
    connection.learn(entry);
    connection.touch(entry.nowMs);
    entry.addFailures(this.#step(connection, entry));
  }

  /** Goes on in the life of a connection, which has learned from the entry. Gives how many failed logins the record adds. */
  #step(connection: Connection, entry: Entry): number {
    const { meaning, message, fields, program } = entry;
    const isSilent = (meaning & PAM_TELLS) !== 0 && this.#attempts.isSilent(program.family, message);
    const witness = (meaning & MAY_FAIL) === 0 || isSilent ? NOBODY : witnessOf(fields, message);
    if (connection.key !== 0) {
      this.#last = connection;
      this.#lastWitness = witness;
      this.#lastHost = entry.host;
    }
    if ((meaning & NAMES) !== 0) connection.named = 1;
    if ((meaning & PASSES) !== 0) {
      // One module knows the user whom another refused, so that a refusal of one says nothing yet.
      connection.modules = 0;
      this.#attempts.speaks(program.family);
    }
    if ((meaning & LOGS_IN) !== 0) return this.#login(connection, entry);
    if ((meaning & ENDS) === 0) return witness === NOBODY ? 0 : this.#attempts.add(connection, entry, witness);
    // Who has named a user and goes without being let in has failed to log in, though nothing else tells it.
    const isRefused = program.isSsh && connection.state !== LOGGED_IN;
    if (isRefused && (connection.named === 1 || namesUser(entry))) connection.left = 1;
    connection.state = (meaning & FINISHES) !== 0 || connection.state === FINISHED ? FINISHED : ENDED;
    // sudo that refuses the user, or the command, does not tell of wrong passwords before that.
    if (fields.event_action === 'sudo' && witness === NOBODY) return this.#attempts.addSilent(connection);
    return this.#attempts.add(connection, entry, witness);
  }

  #login(connection: Connection, { fields, program }: Entry): number {
    connection.state = LOGGED_IN;
    connection.named = 0;
    if (program.hasManyProcesses) this.#index.addEndpoint(connection);
    if (fields.event_action === 'session_opened') return 0;
    // sudo tells of wrong passwords only where none was right in the end.
    if (fields.event_action === 'sudo') return this.#attempts.addSilent(connection);
    this.#attempts.speaks(program.family);
    connection.modules = 0;
    return 0;
  }

  #repeat(record: InfraRecord, fields: FieldSet, connection: Connection): void {
    if (fields.hostname !== this.#lastHost) return;
    const entry = this.#entryOf(record, fields, connection.program, 0);
    entry.address = connection.address;
    entry.user = connection.user;
    if (isProven(connection)) record.connection_id = connection.id;
    connection.touch(entry.nowMs);
    if (this.#lastWitness !== NOBODY) entry.addFailures(this.#attempts.add(connection, entry, this.#lastWitness));
  }
}

/** Whether the last line of a connection says as whom the client wanted to log in. */
function namesUser({ fields, message, user }: Entry): boolean {
  if (user === '') return false;
  return fields.event_outcome === 'failure' || message.startsWith('Exit before auth');
}

/** Whether its lines are certainly of one connection: not only of one user of a program that does not tell its process. */
function isProven({ program, key }: Connection): boolean {
  return program.isOnePerProcess && (key > 0 || (key < 0 && program.hasManyProcesses));
}

/** An entry of the journal that another program wrote under sshd's name. */
function isForeign({ application_name, process_executable: path }: InfraRecord): boolean {
  if (typeof path !== 'string' || programOf(`${application_name}`)?.hasManyProcesses !== true) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return !name.startsWith('sshd') && !name.startsWith('sftp');
}

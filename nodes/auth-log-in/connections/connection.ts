import type { Entry } from './entry.ts';
import { BEFORE_END, BEFORE_LOGIN, BEGINS, SAYS_END, TELLS_USER } from './meaning.ts';
import { daemon, type Program, programOf } from './programs.ts';

/** Before a login, after it, and after the end. */
export const OPEN = 0;
export const LOGGED_IN = 1;
export const ENDED = 2;
/** The process has said its last words. */
export const FINISHED = 3;

/**
 * How long a process may be silent before anybody is logged in, in ms: sshd ends a connection without a login after 2
 * minutes (`LoginGraceTime`). After that the process may be gone, and its number another's.
 */
const SILENCE_MS = 150_000;
/** The same for a program that does not tell its process. sudo waits 5 minutes for a password. */
const SILENCE_OF_USER_MS = 600_000;
/** How long after its end a connection still gets lines, in ms. */
const ENDED_MS = 10_000;
/** How long a connection is remembered while somebody is logged in and nothing is logged, in ms. */
const LOGGED_IN_MS = 30 * 24 * 3600_000;
/** A longer name than people have is not kept: its client chose it. */
const MOST_NAME = 64;

/** What a connection lends to a record. */
const ADDRESS = 1;
const HOSTNAME = 2;
const PORT = 4;
const USER = 8;
/** The names of the keys, by the sum of what is lent. */
const NAMES_OF_LENT = Array.from({ length: 2 * USER }, (_, lent) =>
  ['source_ip', 'source_hostname', 'source_port', 'user_name'].filter((_name, bit) => lent & (1 << bit)).join(','),
);

/** A connection in the state file: texts, then numbers, then the keys of its processes. */
export type SavedConnection = (string | number)[];
export const SAVED_TEXTS = 5;
export const SAVED_NUMBERS = 11;

/**
 * A connection, or a use of a program, of which lines may still come. Each place has its value from the beginning: V8 then
 * knows what stands there. Those come first that the search for what has expired reads.
 */
export class Connection {
  lastMs = 0;
  state = OPEN;
  /** That of its first process; 0 where the lines tell none. */
  key = 0;
  /** Where it stands among all; 0 where it does not. */
  place = 0;
  /** Its endpoint's key, by which it is found; 0 where it is not. To ask its address anew is slow: the line of that is old. */
  endpointKey = 0;
  /** -1: not known. */
  port = -1;
  /** Those of its other processes. */
  moreKeys: readonly number[] | undefined = undefined;
  id: string;
  program: Program;
  address = '';
  hostname = '';
  user = '';
  /** 1: the client has said as whom to log in. */
  named = 0;
  /** Refused attempts: passwords, answers, conversations, those that PAM modules told. */
  passwords = 0;
  answers = 0;
  conversations = 0;
  modules = 0;
  /** 1: it ended without a login, though the client named a user. */
  left = 0;
  /** How many failed logins its records have told so far. */
  counted = 0;
  #saved: SavedConnection | undefined;
  /** Whether no text of it is a part of a line any more. */
  #isOwn = false;

  constructor(id: string, program: Program, key: number, nowMs: number) {
    this.id = id;
    this.program = program;
    this.key = key;
    this.lastMs = nowMs;
  }

  /** Makes a forgotten one another connection. A new one for each would be most of what outlives a collection. */
  begin(id: string, program: Program, key: number, nowMs: number): this {
    this.id = id;
    this.program = program;
    this.key = key;
    this.lastMs = nowMs;
    this.state = OPEN;
    this.endpointKey = 0;
    this.port = -1;
    this.moreKeys = undefined;
    this.address = '';
    this.hostname = '';
    this.user = '';
    this.named = 0;
    this.passwords = 0;
    this.answers = 0;
    this.conversations = 0;
    this.modules = 0;
    this.left = 0;
    this.counted = 0;
    this.#saved = undefined;
    this.#isOwn = false;
    return this;
  }

  static restore(saved: SavedConnection): Connection {
    const [id = '', family = '', address, hostname, user] = saved.map(String);
    const [key = 0, lastMs = 0, ...rest] = saved.slice(SAVED_TEXTS).map(Number);
    const connection = new Connection(id, programOf(family) ?? daemon(family), key, lastMs);
    Object.assign(connection, { address, hostname, user });
    const [state = 0, port = -1, named = 0, passwords = 0, answers = 0, conversations = 0, modules = 0, left = 0] =
      rest;
    Object.assign(connection, { state, port, named, passwords, answers, conversations, modules, left });
    connection.counted = rest[8] ?? 0;
    const moreKeys = rest.slice(9);
    if (moreKeys.length > 0) connection.moreKeys = moreKeys;
    return connection;
  }

  /** Nothing that this gave changes later. */
  save(): SavedConnection {
    if (this.#saved !== undefined) return this.#saved;
    const { id, program, address, hostname, user, key, lastMs, state, port, named } = this;
    const { passwords, answers, conversations, modules, left, counted, moreKeys } = this;
    const saved: SavedConnection = [
      ...[id, program.family, address, hostname, user, key, lastMs, state, port, named],
      ...[passwords, answers, conversations, modules, left, counted],
    ];
    if (moreKeys !== undefined) saved.push(...moreKeys);
    this.#saved = saved;
    return saved;
  }

  /** Something of it has changed. */
  touch(nowMs: number): void {
    this.lastMs = nowMs;
    this.#saved = undefined;
  }

  /** Whether the key is that of one of its processes. */
  hasKey(key: number): boolean {
    return key === this.key || this.moreKeys?.includes(key) === true;
  }

  isExpired(nowMs: number): boolean {
    const silentMs = Math.abs(nowMs - this.lastMs);
    if (this.state === OPEN) return silentMs > (this.key < 0 ? SILENCE_OF_USER_MS : SILENCE_MS);
    return silentMs > (this.state === LOGGED_IN ? LOGGED_IN_MS : ENDED_MS);
  }

  /**
   * Whether the entry can be of this connection: its endpoint is no other one, and it says nothing that cannot follow.
   * `isSameProcess`: the same process wrote both; else they have the endpoint in common.
   */
  continues(entry: Entry, isSameProcess: boolean): boolean {
    const { meaning, port, address } = entry;
    if ((meaning & BEGINS) !== 0 || this.isExpired(entry.nowMs)) return false;
    if (port !== -1 && this.port !== -1 && port !== this.port) return false;
    if (address !== '' && this.address !== '' && address !== this.address) return false;
    if (this.state === LOGGED_IN || !isSameProcess) {
      if ((meaning & BEFORE_LOGIN) !== 0 || entry.message.endsWith(' [preauth]')) return false;
    }
    if ((meaning & BEFORE_END) !== 0 && this.state >= ENDED) return false;
    if ((meaning & SAYS_END) !== 0 && this.state === FINISHED) return false;
    return (meaning & TELLS_USER) === 0 || entry.user === '' || this.user === '' || entry.user === this.user;
  }

  /** Keeps what an entry that continues it tells of the client. */
  learn({ address, port, user, fields }: Entry): void {
    if (address === '') {
      const { source_hostname } = fields;
      if (source_hostname && source_hostname.length <= MOST_NAME) this.hostname = source_hostname;
    } else if (this.address === '') this.address = address;
    if (user !== '' && user.length <= MOST_NAME) this.user = user;
    if (port !== -1) this.port = port;
    this.#isOwn = false;
  }

  /** Lets go of the lines that its texts are parts of. Those that have ended are forgotten soon. */
  own(): void {
    if (this.#isOwn || this.state >= ENDED) return;
    this.#isOwn = true;
    this.id = ownText(this.id);
    this.address = ownText(this.address);
    this.hostname = ownText(this.hostname);
    this.user = ownText(this.user);
  }

  /**
   * Adds to the record what it lacks and an earlier one told, and the names of these keys. The entry continues the connection:
   * where both have an address it is the same, and to compare two parts of lines takes longer than all else here.
   */
  lend(entry: Entry): void {
    if (entry.user !== '' && entry.port !== -1) return;
    const { record, address, fields } = entry;
    let lent = 0;
    if (address === '' ? !fields.source_hostname : this.address !== '' && entry.port === -1) {
      lent = this.#lendSource(entry);
    }
    if (entry.user === '' && this.user !== '') {
      record.user_name = this.user;
      lent |= USER;
    }
    if (lent !== 0) record.inherited_fields = NAMES_OF_LENT[lent];
  }

  #lendSource({ record, address, port }: Entry): number {
    let lent = 0;
    if (address === '' && this.address !== '') {
      record.source_ip = this.address;
      lent = ADDRESS;
    } else if (address === '' && this.hostname !== '') {
      record.source_hostname = this.hostname;
      lent = HOSTNAME;
    }
    if (port === -1 && this.port !== -1) {
      record.source_port = this.port;
      lent |= PORT;
    }
    return lent;
  }
}

/** The text without the line, and the chunk of a file, that V8 keeps for a part of it: from 13 units on, a slice is a view. */
export function ownText(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

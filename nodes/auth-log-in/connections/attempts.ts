import type { Connection } from './connection.ts';
import type { Entry } from './entry.ts';
import { ANSWERS, CONVERSATION, failuresTold, MODULE, NOBODY, PASSWORD, TOLD } from './meaning.ts';

/** Refusals that a PAM module told before anything showed whether its program tells them too. */
export type Unclaimed = [family: string, address: string, user: string, key: number, atMs: number, count: number];

/** How long the program may take to tell a refusal after the PAM module did, in ms: PAM waits to slow down guessing. */
const CLAIM_MS = 60_000;
const MOST_UNCLAIMED = 64;

export interface SavedAttempts {
  speaking: string[];
  unclaimed: Unclaimed[];
}

/**
 * Counts refused attempts once each, though a program, its conversation with PAM, and PAM's modules may all tell of one.
 * Who told most of them in a connection is believed, and a record counts by how much it raises that.
 */
export class Attempts {
  /** The families of programs that tell refusals themselves: what PAM's modules tell beside them is not counted. */
  readonly #speaking: Set<string>;
  #unclaimed: Unclaimed[];
  /** Of the program that spoke last. */
  #spoke = '';

  constructor(saved: SavedAttempts = { speaking: [], unclaimed: [] }) {
    this.#speaking = new Set(saved.speaking);
    this.#unclaimed = [...saved.unclaimed];
  }

  save(): SavedAttempts {
    return { speaking: [...this.#speaking], unclaimed: [...this.#unclaimed] };
  }

  /** The program tells who logs in, and so it tells who does not. */
  speaks(family: string): void {
    if (family === this.#spoke) return;
    this.#spoke = family;
    this.#speaking.add(family);
  }

  /** Whether a message of PAM adds nothing: its program tells the same, and what is told here is never asked for. */
  isSilent(family: string, message: string): boolean {
    const isSpeaking = family === this.#spoke || this.#speaking.has(family);
    return isSpeaking && family !== 'sudo' && message.startsWith('pam_');
  }

  /** How many refused attempts the record adds to its connection, told by `witness`. */
  add(connection: Connection, entry: Entry, witness: number): number {
    if (witness === NOBODY) return this.#raise(connection);
    const times = entry.fields.repeat_count ?? 1;
    if (witness === MODULE) return this.#addModule(connection, entry, times);
    if (witness === PASSWORD) connection.passwords += times;
    else if (witness === TOLD) connection.passwords += failuresTold(entry.message);
    else if (witness === ANSWERS) connection.answers += times;
    else if (witness === CONVERSATION) connection.conversations += times;
    this.speaks(connection.program.family);
    const raised = this.#raise(connection);
    return this.#unclaimed.length === 0 ? raised : this.#claim(connection, entry, raised);
  }

  /** The refusals that only PAM told count after all. */
  addSilent(connection: Connection): number {
    const added = connection.modules - connection.counted;
    if (added <= 0) return 0;
    connection.counted = connection.modules;
    return added;
  }

  #addModule(connection: Connection, entry: Entry, times: number): number {
    connection.modules += times;
    if (this.#speaking.has(connection.program.family)) return 0;
    const added = this.addSilent(connection);
    if (added > 0 && this.#unclaimed.length < MOST_UNCLAIMED) {
      this.#unclaimed.push([connection.program.family, entry.address, entry.user, connection.key, entry.nowMs, added]);
    }
    return added;
  }

  #raise(connection: Connection): number {
    const { passwords, answers, conversations, left, counted } = connection;
    const told = Math.max(passwords + Math.max(answers, conversations), left);
    if (told <= counted) return 0;
    connection.counted = told;
    return told - counted;
  }

  /** Takes off what a PAM module told of the same attempts: in the same connection, or from the same client. */
  #claim(connection: Connection, entry: Entry, raised: number): number {
    let left = raised;
    const kept: Unclaimed[] = [];
    for (const item of this.#unclaimed) {
      const [family, address, user, key, atMs, count] = item;
      if (Math.abs(entry.nowMs - atMs) > CLAIM_MS) continue;
      const isOwn = connection.hasKey(key);
      const isSameClient = isOwn || (isEqual(entry.address, address) && isEqual(entry.user, user));
      if (family !== connection.program.family || !isSameClient) kept.push(item);
      else if (!isOwn) {
        const taken = Math.min(left, count);
        left -= taken;
        if (count > taken) kept.push([family, address, user, key, atMs, count - taken]);
      }
    }
    this.#unclaimed = kept;
    return left;
  }
}

function isEqual(value: string, other: string): boolean {
  return value === '' || other === '' || value === other;
}

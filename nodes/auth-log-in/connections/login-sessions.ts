import type { InfraRecord } from '../../../lib/record.ts';

/** So many sessions are remembered; the oldest is forgotten. */
const MOST = 512;
const MOST_NAME = 64;

export type SavedSession = [key: string, user: string];

/** The users of systemd-logind's sessions, by host and number: `Removed session 5.` does not name its user. */
export class LoginSessions {
  readonly #users: Map<string, string>;
  #saved: SavedSession[] | undefined;

  constructor(saved: SavedSession[] = []) {
    this.#users = new Map(saved);
  }

  /** Nothing that this gave changes later. */
  save(): SavedSession[] {
    this.#saved ??= [...this.#users];
    return this.#saved;
  }

  /** Adds the user to a record that lacks it. Gives whether it did. */
  note(record: InfraRecord): boolean {
    const id =
      record.session_id ??
      /^(?:New|Removed) session '?(\w{1,20})|^Session '?(\w{1,20})/.exec(record.message)?.slice(1).find(Boolean);
    if (id === undefined) return false;
    this.#saved = undefined;
    const key = `${record.syslog_hostname ?? ''} ${id}`;
    if (record.event_action === 'login_session_new') {
      // After a boot the numbers begin anew.
      this.#users.delete(key);
      if (typeof record.user_name === 'string' && record.user_name.length <= MOST_NAME)
        this.#remember(key, record.user_name);
      return false;
    }
    if (record.event_action !== 'login_session_removed') return false;
    const user = this.#users.get(key);
    if (record.message.startsWith('Removed ')) this.#users.delete(key);
    if (user === undefined || record.user_name !== undefined) return false;
    record.user_name = user;
    record.inherited_fields = 'user_name';
    return true;
  }

  #remember(key: string, user: string): void {
    this.#users.set(key, user);
    if (this.#users.size <= MOST) return;
    const [oldest] = this.#users.keys();
    if (oldest !== undefined) this.#users.delete(oldest);
  }
}

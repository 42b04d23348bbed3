type Fields = { readonly [key: string]: unknown };

interface Failure {
  readonly atMs: number;
  readonly from: string;
  readonly user: string;
  readonly count: number;
}

export interface Login {
  readonly atMs: number;
  readonly user: string;
  readonly target: string;
  readonly action: string;
  readonly method: string;
  readonly from: string;
  readonly command: string;
}

export interface FailuresFrom {
  readonly from: string;
  readonly users: readonly string[];
  readonly count: number;
}

export interface LoginDigest {
  readonly failed: number;
  readonly from: readonly FailuresFrom[];
  readonly cameIn: readonly Login[];
}

const HOUR_MS = 3_600_000;
const MOST_FAILURES = 5_000;
const MOST_LOGINS = 20;
const MOST_FROM = 20;
const MOST_USERS = 5;
const CAME_IN = new Set(['ssh_login', 'login', 'sudo', 'su', 'doas']);

/** Who tried, and who came in, within the last hour. */
export class Logins {
  #failures: Failure[] = [];
  #logins: Login[] = [];

  add(record: Fields, atMs: number): void {
    const text = (key: string): string => String(record[key] ?? '').slice(0, 100);
    const { login_failures: count, event_action: action, event_outcome: outcome } = record;
    if (typeof count === 'number' && count > 0) {
      this.#failures.push({ atMs, from: text('source_ip') || text('source_hostname'), user: text('user_name'), count });
      if (this.#failures.length > MOST_FAILURES) this.#failures = this.#failures.slice(-MOST_FAILURES / 2);
      return;
    }
    if (!CAME_IN.has(String(action)) || outcome === 'failure') return;
    const [user, target] = [text('user_name'), text('target_user_name')];
    const [method, from, command] = [text('auth_method'), text('source_ip'), text('process_command_line')];
    this.#logins.push({ atMs, user, target, action: String(action), method, from, command });
    if (this.#logins.length > MOST_LOGINS) this.#logins.shift();
  }

  /** `withNames`: whether the reader may see names and addresses. */
  result(nowMs: number, withNames: boolean): LoginDigest {
    this.#failures = this.#failures.filter(({ atMs }) => nowMs - atMs < HOUR_MS);
    const byAddress = new Map<string, { users: Set<string>; count: number }>();
    for (const { from, user, count } of this.#failures) {
      const entry = byAddress.get(from) ?? { users: new Set(), count: 0 };
      entry.count += count;
      if (user !== '' && entry.users.size < MOST_USERS) entry.users.add(user);
      byAddress.set(from, entry);
    }
    const from = [...byAddress].map(([address, { users, count }]) => ({ from: address, users: [...users], count }));
    const failed = from.reduce((sum, { count }) => sum + count, 0);
    if (!withNames) return { failed, from: [], cameIn: [] };
    const cameIn = this.#logins.filter(({ atMs }) => nowMs - atMs < HOUR_MS).reverse();
    return { failed, from: from.sort((a, b) => b.count - a.count).slice(0, MOST_FROM), cameIn };
  }
}

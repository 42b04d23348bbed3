/** Names come from outside. */
const MOST_HOSTS = 1_000;
const MOST_NAMED = 3;
/** What is less than so much of all is not named, in percent. */
const LEAST_PERCENT = 1;

/** Whose records take the room of a server that has none left. */
export class HostShares {
  #counts = new Map<string, number>();
  #sum = 0;

  /** Counts a record of a host. */
  add(host: string): void {
    const known = this.#counts.get(host);
    this.#sum += 1;
    if (known !== undefined || this.#counts.size < MOST_HOSTS) this.#counts.set(host, (known ?? 0) + 1);
  }

  /** The hosts with the most of what was counted, with their part of it: `web1 93 %, db 5 %`. Empty where nothing was. */
  get text(): string {
    return [...this.#counts]
      .map(([host, count]) => ({ host, percent: Math.round((count * 100) / this.#sum) }))
      .sort((a, b) => b.percent - a.percent)
      .slice(0, MOST_NAMED)
      .filter(({ percent }) => percent >= LEAST_PERCENT)
      .map(({ host, percent }) => `${shortName(host)} ${percent} %`)
      .join(', ');
  }

  /** Begins anew. */
  clear(): void {
    this.#counts = new Map();
    this.#sum = 0;
  }
}

const LONGEST_NAME = 60;

function shortName(host: string): string {
  return host.length > LONGEST_NAME ? `${host.slice(0, LONGEST_NAME)}…` : host;
}

import { type Alert, isTest, severityOf } from './alert.ts';
import { plan, type ToldOf } from './plan.ts';

const MOST_WAITING = 1_000;
/** What is critical waits no longer for others. In ms. */
const CRITICAL_COLLECT_MS = 1_000;

/** The alerts that wait to be told, in the order in which they came. */
export class Waiting {
  #alerts: readonly Alert[];
  readonly #collectMs: number;

  constructor(collectMs: number, saved: readonly Alert[] = []) {
    this.#collectMs = collectMs;
    this.#alerts = saved;
  }

  get alerts(): readonly Alert[] {
    return this.#alerts;
  }

  get length(): number {
    return this.#alerts.length;
  }

  has = (id: string): boolean => this.#alerts.some((alert) => alert.id === id);

  /** Adds one. Gives those that have no room any more: what is over and short, and then the oldest. */
  add(alert: Alert, told: (id: string) => ToldOf | undefined): readonly Alert[] {
    this.#alerts = [...this.#alerts, alert];
    if (this.length <= MOST_WAITING) return [];
    const { lines, silent } = plan(this.#alerts, told);
    const least = lines.find(({ said }) => said === 'brief' || said === 'reminder') ?? lines[0];
    const dropped = [...silent, ...(least?.alerts ?? [])];
    this.remove(dropped);
    return least?.alerts ?? [];
  }

  remove(alerts: readonly Alert[]): void {
    const gone = new Set(alerts);
    this.#alerts = this.#alerts.filter((alert) => !gone.has(alert));
  }

  /** When what waits has been collected, in ms since the epoch; Infinity where nothing waits. `jitter` is 0 to 1. */
  dueMs(nowMs: number, jitter: number): number {
    const due = this.#alerts.map((alert) => Math.min(alert.arrivedMs, nowMs) + this.#collectMsOf(alert, jitter));
    return due.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...due);
  }

  #collectMsOf(alert: Alert, jitter: number): number {
    if (isTest(alert)) return 0;
    const isCritical = alert.state === 'firing' && severityOf(alert) === 'critical';
    return isCritical ? Math.min(CRITICAL_COLLECT_MS, this.#collectMs) : this.#collectMs * (1 + jitter / 2);
  }
}

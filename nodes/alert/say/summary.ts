import type { Firing } from '../firing.ts';
import { type AlertSeverity, worst } from '../judge/judge.ts';

/** An alert that a summary stands for. */
interface Member {
  readonly text: string;
  readonly severity: AlertSeverity;
}

export interface SavedSummary {
  readonly firing: Firing;
  readonly members: readonly (readonly [id: string, member: Member])[];
  readonly events: readonly string[];
  readonly tellMs: number;
  readonly times: number;
  readonly count: number;
  readonly toldCount: number;
}

/** What a summary says when it is due. */
export interface SummaryNews {
  readonly firing: Firing;
  /** Whom it stands for, for people. */
  readonly members: readonly string[];
  /** How often it was said before. */
  readonly times: number;
}

/** The first that the bound withholds wait so long for others. */
const COLLECT_MS = 10_000;
/** So many names are kept of what has no end. */
const MOST_EVENTS = 1_000;

/** Stands for the alerts that the bound on messages withholds: they are told together, and are over together. */
export class FloodSummary {
  readonly #firing: Firing;
  readonly #members: Map<string, Member>;
  /** Keys of events: those have no end to wait for. */
  #events: string[];
  #tellMs: number;
  #times: number;
  /** How many it ever stood for, now and when it was told last. */
  #count: number;
  #toldCount: number;

  private constructor(saved: SavedSummary) {
    this.#firing = { ...saved.firing };
    this.#members = new Map(saved.members);
    this.#events = [...saved.events];
    this.#tellMs = saved.tellMs;
    this.#times = saved.times;
    this.#count = saved.count;
    this.#toldCount = saved.toldCount;
  }

  /** `id` is that of the summary itself, `firing` the first that it stands for. */
  static begin(id: string, firing: Firing, nowMs: number): FloodSummary {
    const own = { ...firing, id, value: undefined, count: 0, record: {} };
    return new FloodSummary({
      firing: own,
      members: [],
      events: [],
      tellMs: nowMs + COLLECT_MS,
      times: 0,
      count: 0,
      toldCount: 0,
    });
  }

  static restore(saved: SavedSummary): FloodSummary {
    return new FloodSummary(saved);
  }

  get saved(): SavedSummary {
    return {
      firing: { ...this.#firing },
      members: [...this.#members],
      events: [...this.#events],
      tellMs: this.#tellMs,
      times: this.#times,
      count: this.#count,
      toldCount: this.#toldCount,
    };
  }

  get firing(): Firing {
    return this.#firing;
  }

  get isTold(): boolean {
    return this.#times > 0;
  }

  /** Nothing of it is left to wait for. */
  get isOver(): boolean {
    return this.#members.size === 0 && this.#events.length === 0;
  }

  has(id: string): boolean {
    return this.#members.has(id);
  }

  severityOf(id: string): AlertSeverity | undefined {
    return this.#members.get(id)?.severity;
  }

  add({ id, severity }: Firing, text: string, isEvent: boolean): void {
    if (!isEvent) this.#members.set(id, { text, severity });
    else if (this.#events.length < MOST_EVENTS) this.#events.push(text);
    this.#firing.severity = worst(this.#firing.severity, severity);
    this.#count += 1;
    this.#firing.count = this.#count;
  }

  /** Whether it stood for that alert, and does no longer. */
  remove(id: string): boolean {
    return this.#members.delete(id);
  }

  /** What it has to say: at once after it collected, then when there are more, `pauseMs` apart; and as a reminder. */
  news(nowMs: number, pauseMs: number, remindMs: number): SummaryNews | undefined {
    if (this.isOver || nowMs < this.#tellMs) return undefined;
    const isReminder = remindMs > 0 && this.isTold && nowMs >= this.#tellMs - pauseMs + remindMs;
    if (this.#count === this.#toldCount && !isReminder) return undefined;
    const members = [...this.#members.values()].map(({ text }) => text);
    const news = { firing: this.#firing, members: [...members, ...this.#events], times: this.#times };
    this.#events = [];
    this.#times += 1;
    this.#toldCount = this.#count;
    this.#tellMs = nowMs + pauseMs;
    return news;
  }

  /** The clock was set by so much. */
  shift(ms: number): void {
    this.#tellMs += ms;
    this.#firing.sinceMs += ms;
  }
}

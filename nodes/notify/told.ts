import { type Alert, type AlertSeverity, isAtLeast, isTest, parseAlert, reminderOf, severityOf } from './alert.ts';
import type { ToldOf } from './plan.ts';

/** An alert that fired, and whose end is still to be said. */
export interface Told extends ToldOf {
  /** The last that was said of it. */
  readonly alert: Alert;
}

export interface SavedTold {
  readonly told: readonly Told[];
  readonly eventIds: readonly string[];
}

/** More alerts than a host has at once. The oldest are forgotten first, those that reached nobody before the others. */
const MOST_TOLD = 5_000;
/** A transition that goes out again does so within a minute. */
const MOST_EVENT_IDS = 2_000;

/** What this node told of each alert: that decides what it must still tell. */
export class ToldLog {
  readonly #told = new Map<string, Told>();
  readonly #eventIds: Set<string>;

  constructor(saved?: SavedTold) {
    for (const told of saved?.told ?? []) this.#told.set(told.alert.id, told);
    this.#eventIds = new Set(saved?.eventIds);
  }

  get saved(): SavedTold {
    return { told: [...this.#told.values()], eventIds: [...this.#eventIds] };
  }

  /** Those that fire, as far as this node knows. */
  get firing(): readonly Told[] {
    return [...this.#told.values()];
  }

  /** How many of them nobody heard of. */
  get untold(): number {
    return this.firing.filter(({ state }) => state === 'untold').length;
  }

  of = (id: string): Told | undefined => this.#told.get(id);

  /**
   * Whether the alert is to be told at all: a firing that is bad enough, whatever was told before, its end, and nothing twice.
   * `isWaiting` tells of its id whether something of it waits to be told.
   */
  admits(alert: Alert, least: AlertSeverity, isWaiting: (id: string) => boolean): boolean {
    if (!this.#isNew(alert)) return false;
    if (isTest(alert)) return true;
    const known = this.#told.get(alert.id);
    if (alert.state === 'resolved') return known !== undefined || isWaiting(alert.id);
    const severity = severityOf(alert);
    if (isWaiting(alert.id)) return true;
    if (known?.state !== 'told') return isAtLeast(severity, least);
    return severity !== known.severity || (reminderOf(alert) > 0 && isAtLeast(severity, least));
  }

  #isNew({ record }: Alert): boolean {
    const { event_id: eventId } = record;
    if (typeof eventId !== 'string' || eventId === '') return true;
    if (this.#eventIds.has(eventId)) return false;
    this.#eventIds.add(eventId);
    for (const oldest of this.#eventIds) {
      if (this.#eventIds.size <= MOST_EVENT_IDS) break;
      this.#eventIds.delete(oldest);
    }
    return true;
  }

  /** The receiver has the last word on an alert. */
  tell(alert: Alert): void {
    this.#set(alert, 'told');
  }

  /** The last word on an alert reached nobody, and is not tried again. */
  giveUp(alert: Alert): void {
    if (this.#told.get(alert.id)?.state === 'told' && alert.state === 'firing') return;
    this.#set(alert, 'untold');
  }

  #set(alert: Alert, state: Told['state']): void {
    if (isTest(alert)) return;
    this.#told.delete(alert.id);
    if (alert.state === 'resolved') return;
    this.#told.set(alert.id, { alert, state, severity: severityOf(alert) });
    if (this.#told.size <= MOST_TOLD) return;
    const oldest = this.firing.find((told) => told.state === 'untold') ?? this.firing[0];
    if (oldest !== undefined) this.#told.delete(oldest.alert.id);
  }
}

export function parseTold(value: unknown): SavedTold | undefined {
  const { told, eventIds } = (value ?? {}) as { told?: unknown; eventIds?: unknown };
  if (!Array.isArray(told) || !Array.isArray(eventIds)) return undefined;
  return {
    told: told.flatMap((one) => parseOne(one) ?? []),
    eventIds: eventIds.filter((id) => typeof id === 'string').slice(-MOST_EVENT_IDS),
  };
}

function parseOne(value: unknown): Told | undefined {
  const { alert, state } = (value ?? {}) as { alert?: unknown; state?: unknown };
  const parsed = parseAlert(alert);
  if (parsed === undefined || (state !== 'told' && state !== 'untold')) return undefined;
  return { alert: parsed, state, severity: severityOf(parsed) };
}

/** What is said in the place of an alert whose rule is gone. */
export function removedAlert(alert: Alert, nowMs: number): Alert {
  const { event_id: _, alert_value: __, alert_reminder: ___, ...record } = alert.record;
  return {
    ...alert,
    record: { ...record, alert_state: 'resolved', time: new Date(nowMs).toISOString(), level: 5 },
    state: 'resolved',
    isQuiet: true,
    arrivedMs: nowMs,
    isRemoved: true,
  };
}

import type { Change, Firing } from './engine.ts';
import { type AlertSeverity, type EndReason, SEVERITIES } from './judge/judge.ts';
import type { AlertKey } from './key.ts';

/** What is to be said, and how. */
export interface Announcement {
  readonly kind: 'firing' | 'severity' | 'reminder' | 'resolved' | 'event' | 'summary' | 'summary-over';
  readonly key: AlertKey;
  /** Of a summary: the one that stands for its members. */
  readonly firing: Firing;
  readonly atMs: number;
  /** How many reminders there were, this one included. */
  readonly reminder?: number;
  readonly value?: number | undefined;
  readonly reason?: EndReason | undefined;
  /** Nobody need be woken. */
  readonly isQuiet?: boolean;
  /** Of a summary: whom it stands for. */
  readonly members?: readonly string[];
}

export interface AnnouncerOptions {
  /** 0 reminds never. */
  readonly remindMs: number;
  /** At most so many new alerts are told one by one within this time; 0 is without bound. */
  readonly floodMessages: number;
  readonly floodMs: number;
  /** Whether the schedule or another alert keeps this one quiet. */
  isHeld(nowMs: number): boolean;
  createId(): string;
}

interface Told {
  severity: AlertSeverity;
  /** When it was spoken of last, in ms since the epoch. */
  lastMs: number;
  reminders: number;
  isAcknowledged: boolean;
  /** It was told as one of a summary. */
  readonly isMember: boolean;
}

interface Summary {
  readonly firing: Firing;
  readonly members: Map<string, string>;
  /** Keys of events: those have no end to wait for. */
  readonly events: string[];
  /** When it was told; undefined while it collects. */
  toldMs: number | undefined;
  tellMs: number;
  toldCount: number;
}

export interface SavedAnnouncer {
  readonly told: readonly (readonly [id: string, told: Told])[];
  readonly silences: readonly (readonly [keyId: string, untilMs: number])[];
  readonly silentUntilMs: number;
  readonly sentMs: readonly number[];
  readonly summary?:
    | (Omit<Summary, 'members'> & { readonly members: readonly (readonly [string, string])[] })
    | undefined;
  readonly untold: number;
}

/** The first that the bound withholds wait so long for others. */
const COLLECT_MS = 10_000;
const SUMMARY_KEY: AlertKey = { id: '', text: '' };

/**
 * Decides what people are told of the states of a rule: once when it fires, reminders, its end. What was told decides what must
 * still be told: after a silence the present is compared with it.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #told = new Map<string, Told>();
  /** Silences by hand, of single keys and of the whole rule. */
  readonly #silences = new Map<string, number>();
  #silentUntilMs: number;
  #sentMs: number[];
  #summary: Summary | undefined;
  /** How many began and ended inside a silence. */
  #untold: number;

  constructor(options: AnnouncerOptions, saved?: SavedAnnouncer) {
    this.#options = options;
    for (const [id, told] of saved?.told ?? []) this.#told.set(id, { ...told });
    for (const [id, untilMs] of saved?.silences ?? []) this.#silences.set(id, untilMs);
    this.#silentUntilMs = saved?.silentUntilMs ?? 0;
    this.#sentMs = [...(saved?.sentMs ?? [])];
    this.#untold = saved?.untold ?? 0;
    const { summary } = saved ?? {};
    this.#summary = summary === undefined ? undefined : { ...summary, members: new Map(summary.members) };
  }

  get saved(): SavedAnnouncer {
    const summary = this.#summary;
    return {
      told: [...this.#told],
      silences: [...this.#silences],
      silentUntilMs: this.#silentUntilMs,
      sentMs: this.#sentMs,
      summary: summary === undefined ? undefined : { ...summary, members: [...summary.members] },
      untold: this.#untold,
    };
  }

  /** How many began and ended inside a silence since the start. */
  get untold(): number {
    return this.#untold;
  }

  /** When the silence by hand of the whole rule ends, in ms since the epoch; undefined where there is none. */
  silentUntil(nowMs: number): number | undefined {
    return this.#silentUntilMs > nowMs ? this.#silentUntilMs : undefined;
  }

  isAcknowledged(id: string): boolean {
    return this.#told.get(id)?.isAcknowledged === true;
  }

  isTold(id: string): boolean {
    return this.#told.has(id);
  }

  /** Silences the rule, or one key, until a moment (ms since the epoch). */
  silence(untilMs: number, keyId?: string): void {
    if (keyId === undefined) this.#silentUntilMs = untilMs;
    else this.#silences.set(keyId, untilMs);
  }

  wake(keyId?: string): void {
    if (keyId !== undefined) {
      this.#silences.delete(keyId);
      return;
    }
    this.#silentUntilMs = 0;
    this.#silences.clear();
  }

  /** No reminders for an alert, until it ends. False where it was not told. */
  acknowledge(id: string): boolean {
    const told = this.#told.get(id);
    if (told === undefined) return false;
    told.isAcknowledged = true;
    return true;
  }

  /** What is to be said of a change. */
  hear(change: Change, nowMs: number): Announcement[] {
    switch (change.kind) {
      case 'firing':
      case 'event':
        return this.#isSilent(change.key, nowMs) ? this.#stayQuiet(change) : this.#begin(change, nowMs);
      case 'severity':
        return this.#isSilent(change.key, nowMs) ? [] : this.#tellSeverity(change.key, change.firing, nowMs);
      default:
        return this.#end(change, nowMs);
    }
  }

  /** What is due by the clock. `firing`: all that fire now. */
  tick(firing: readonly { readonly key: AlertKey; readonly firing: Firing }[], nowMs: number): Announcement[] {
    for (const [id, untilMs] of this.#silences) if (untilMs <= nowMs) this.#silences.delete(id);
    const due = firing.flatMap(({ key, firing: one }) => this.#due(key, one, nowMs));
    return [...due, ...this.#summarise(nowMs)];
  }

  #due(key: AlertKey, firing: Firing, nowMs: number): Announcement[] {
    const told = this.#told.get(firing.id);
    if (this.#isSilent(key, nowMs)) return told === undefined ? [] : this.#postpone(told, nowMs);
    if (told === undefined) {
      if (this.#summary?.members.has(firing.id) === true) return [];
      return this.#begin({ kind: 'firing', key, firing, atMs: nowMs, value: firing.value }, nowMs);
    }
    const severity = this.#tellSeverity(key, firing, nowMs);
    return severity.length > 0 ? severity : this.#remind(key, firing, told, nowMs);
  }

  #isSilent(key: AlertKey, nowMs: number): boolean {
    if (this.#silentUntilMs > nowMs || (this.#silences.get(key.id) ?? 0) > nowMs) return true;
    return this.#options.isHeld(nowMs);
  }

  #stayQuiet(change: Change): Announcement[] {
    if (change.kind === 'event') this.#untold += 1;
    return [];
  }

  #begin({ kind, key, firing, atMs, value }: Change, nowMs: number): Announcement[] {
    if (!this.#hasRoom(nowMs)) {
      this.#withhold(kind === 'event', key, firing, nowMs);
      return [];
    }
    this.#sentMs.push(nowMs);
    if (kind !== 'event') this.#remember(firing, nowMs, false);
    return [{ kind: kind === 'event' ? 'event' : 'firing', key, firing, atMs, value }];
  }

  #remember({ id, severity }: Firing, nowMs: number, isMember: boolean): void {
    this.#told.set(id, { severity, lastMs: nowMs, reminders: 0, isAcknowledged: false, isMember });
  }

  /** Worse or better, it is the same alert. What gets worse breaks every rest but a silence. */
  #tellSeverity(key: AlertKey, firing: Firing, nowMs: number): Announcement[] {
    const told = this.#told.get(firing.id);
    if (told === undefined || told.severity === firing.severity) return [];
    const isWorse = SEVERITIES.indexOf(firing.severity) < SEVERITIES.indexOf(told.severity);
    Object.assign(told, { severity: firing.severity, lastMs: nowMs });
    if (isWorse) told.isAcknowledged = false;
    return [{ kind: 'severity', key, firing, atMs: nowMs, value: firing.value }];
  }

  #remind(key: AlertKey, firing: Firing, told: Told, nowMs: number): Announcement[] {
    const { remindMs } = this.#options;
    if (remindMs === 0 || told.isAcknowledged || told.isMember || nowMs < told.lastMs + remindMs) return [];
    told.lastMs = nowMs;
    told.reminders += 1;
    return [{ kind: 'reminder', key, firing, atMs: nowMs, reminder: told.reminders, value: firing.value }];
  }

  /** A reminder that is due in a silence is left out; the next has its full time again. */
  #postpone(told: Told, nowMs: number): Announcement[] {
    const { remindMs } = this.#options;
    if (remindMs > 0 && nowMs >= told.lastMs + remindMs) told.lastMs = nowMs;
    return [];
  }

  #end({ key, firing, atMs, value, reason }: Change, nowMs: number): Announcement[] {
    const { id } = firing;
    const told = this.#told.get(id);
    this.#told.delete(id);
    if (told === undefined) {
      if (this.#summary?.members.delete(id) !== true) this.#untold += 1;
      return this.#closeSummary(nowMs);
    }
    if (told.isMember) {
      this.#summary?.members.delete(id);
      return this.#closeSummary(nowMs);
    }
    const isQuiet = this.#isSilent(key, nowMs);
    return [{ kind: 'resolved', key, firing, atMs, value, reason, isQuiet }];
  }

  #hasRoom(nowMs: number): boolean {
    const { floodMessages, floodMs } = this.#options;
    this.#sentMs = this.#sentMs.filter((ms) => ms > nowMs - floodMs && ms <= nowMs);
    return floodMessages === 0 || this.#sentMs.length < floodMessages;
  }

  #withhold(isEvent: boolean, key: AlertKey, firing: Firing, nowMs: number): void {
    const { createId } = this.#options;
    this.#summary ??= {
      firing: { ...firing, id: createId(), count: 0, value: undefined },
      members: new Map(),
      events: [],
      toldMs: undefined,
      tellMs: nowMs + COLLECT_MS,
      toldCount: 0,
    };
    if (isEvent) this.#summary.events.push(key.text);
    else this.#summary.members.set(firing.id, key.text);
    this.#summary.firing.count += 1;
  }

  /** Tells of all that the bound withholds, and again when there are more of them, but not before the bound's time is over. */
  #summarise(nowMs: number): Announcement[] {
    const summary = this.#summary;
    if (summary === undefined || nowMs < summary.tellMs || summary.firing.count === summary.toldCount) return [];
    if (summary.members.size === 0 && summary.events.length === 0) return this.#closeSummary(nowMs);
    const isFirst = summary.toldMs === undefined;
    for (const id of summary.members.keys()) this.#remember({ ...summary.firing, id }, nowMs, true);
    Object.assign(summary, { toldMs: nowMs, tellMs: nowMs + this.#options.floodMs, toldCount: summary.firing.count });
    const members = [...summary.members.values(), ...summary.events.splice(0)];
    const reminder = isFirst ? {} : { reminder: 1 };
    const told: Announcement = {
      kind: 'summary',
      key: SUMMARY_KEY,
      firing: summary.firing,
      atMs: nowMs,
      members,
      ...reminder,
    };
    return [told, ...this.#closeSummary(nowMs)];
  }

  #closeSummary(nowMs: number): Announcement[] {
    const summary = this.#summary;
    if (summary === undefined || summary.members.size > 0 || summary.events.length > 0) return [];
    this.#summary = undefined;
    if (summary.toldMs === undefined) return [];
    return [{ kind: 'summary-over', key: SUMMARY_KEY, firing: summary.firing, atMs: nowMs }];
  }
}

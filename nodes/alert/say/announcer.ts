import type { Change } from '../change.ts';
import type { Firing } from '../firing.ts';
import { isWorse } from '../judge/judge.ts';
import type { AlertKey } from '../key.ts';
import type { Announcement } from './announcement.ts';
import type { SavedAnnouncer, Told } from './saved-announcer.ts';
import { FloodSummary } from './summary.ts';

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

const SUMMARY_KEY: AlertKey = { id: 'summary', text: '' };

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
  #summary: FloodSummary | undefined;

  constructor(options: AnnouncerOptions, saved?: SavedAnnouncer) {
    this.#options = options;
    for (const [id, told] of saved?.told ?? []) this.#told.set(id, { ...told });
    for (const [id, untilMs] of saved?.silences ?? []) this.#silences.set(id, untilMs);
    this.#silentUntilMs = saved?.silentUntilMs ?? 0;
    this.#sentMs = [...(saved?.sentMs ?? [])];
    this.#summary = saved?.summary && FloodSummary.restore(saved.summary);
  }

  get saved(): SavedAnnouncer {
    return {
      told: [...this.#told].map(([id, told]) => [id, { ...told }] as const),
      silences: [...this.#silences],
      silentUntilMs: this.#silentUntilMs,
      sentMs: [...this.#sentMs],
      summary: this.#summary?.saved,
    };
  }

  /** When the silence by hand of the rule ends, or of this key too, in ms since the epoch; undefined where there is none. */
  silentUntil(nowMs: number, keyId?: string): number | undefined {
    const ofKey = keyId === undefined ? undefined : this.#silences.get(keyId);
    const untilMs = Math.max(this.#silentUntilMs, ofKey ?? 0);
    return untilMs > nowMs ? untilMs : undefined;
  }

  isTold(id: string): boolean {
    return this.#told.has(id);
  }

  isAcknowledged(id: string): boolean {
    return this.#told.get(id)?.isAcknowledged === true;
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

  /** No reminders for an alert, until it ends or gets worse. False where it was not told. */
  acknowledge(id: string): boolean {
    const told = this.#told.get(id);
    if (told === undefined) return false;
    told.isAcknowledged = true;
    return true;
  }

  /** What is to be said of a change. */
  hear(change: Change, nowMs: number): Announcement[] {
    if (change.kind === 'resolved') return this.#end(change, nowMs);
    if (this.#isSilent(change.key, nowMs)) return [];
    return change.kind === 'severity' ? this.#turn(change.key, change.firing, nowMs) : this.#begin(change, nowMs);
  }

  /** What is due by the clock. `firing`: all that fire now. */
  tick(firing: readonly { readonly key: AlertKey; readonly firing: Firing }[], nowMs: number): Announcement[] {
    for (const [id, untilMs] of this.#silences) if (untilMs <= nowMs) this.#silences.delete(id);
    const due = firing.flatMap(({ key, firing: one }) => this.#due(key, one, nowMs));
    return [...due, ...this.#summarise(nowMs)];
  }

  /** The clock was set by so much. */
  shift(ms: number): void {
    for (const told of this.#told.values()) told.lastMs += ms;
    for (const [id, untilMs] of this.#silences) this.#silences.set(id, untilMs + ms);
    if (this.#silentUntilMs > 0) this.#silentUntilMs += ms;
    this.#sentMs = this.#sentMs.map((sent) => sent + ms);
    this.#summary?.shift(ms);
  }

  #due(key: AlertKey, firing: Firing, nowMs: number): Announcement[] {
    const told = this.#told.get(firing.id);
    if (this.#isSilent(key, nowMs)) return told === undefined ? [] : this.#postpone(told, nowMs);
    if (told === undefined) {
      if (this.#summary?.has(firing.id) === true) return [];
      return this.#begin({ kind: 'firing', key, firing, atMs: nowMs, value: firing.value }, nowMs);
    }
    const turn = this.#turn(key, firing, nowMs);
    return turn.length > 0 ? turn : this.#remind(key, firing, told, nowMs);
  }

  #isSilent(key: AlertKey, nowMs: number): boolean {
    if (this.#silentUntilMs > nowMs || (this.#silences.get(key.id) ?? 0) > nowMs) return true;
    return this.#options.isHeld(nowMs);
  }

  #begin({ kind, key, firing, atMs, value }: Change, nowMs: number): Announcement[] {
    const isEvent = kind === 'event';
    if (!this.#hasRoom(nowMs)) {
      this.#summary ??= FloodSummary.begin(this.#options.createId(), firing, nowMs);
      this.#summary.add(firing, key.text, isEvent);
      return [];
    }
    this.#sentMs.push(nowMs);
    if (!isEvent) this.#remember(firing, nowMs);
    return [{ kind: isEvent ? 'event' : 'firing', key, firing, atMs, value }];
  }

  #remember({ id, severity }: Firing, nowMs: number, isMember = false): Told {
    const told = { severity, lastMs: nowMs, reminders: 0, turns: 0, isAcknowledged: false, isMember };
    this.#told.set(id, told);
    return told;
  }

  /** Worse or better, it is the same alert. What gets worse breaks the bound and every rest but a silence. */
  #turn(key: AlertKey, firing: Firing, nowMs: number): Announcement[] {
    const { id, severity, value } = firing;
    const told = this.#told.get(id);
    const before = told?.severity ?? this.#summary?.severityOf(id);
    if (before === undefined || before === severity) return [];
    const worse = isWorse(severity, before);
    if (told === undefined || told.isMember) {
      // Nobody is told that one of many got better.
      if (!worse) return [];
      this.#summary?.remove(id);
    }
    if (told === undefined) {
      this.#remember(firing, nowMs);
      return [{ kind: 'firing', key, firing, atMs: nowMs, value }];
    }
    Object.assign(told, { severity, lastMs: nowMs, turns: told.turns + 1, isMember: false });
    if (worse) told.isAcknowledged = false;
    return [{ kind: 'severity', key, firing, atMs: nowMs, nth: told.turns, value }, ...this.#closeSummary(nowMs)];
  }

  #remind(key: AlertKey, firing: Firing, told: Told, nowMs: number): Announcement[] {
    const { remindMs } = this.#options;
    if (remindMs === 0 || told.isAcknowledged || told.isMember || nowMs < told.lastMs + remindMs) return [];
    told.lastMs = nowMs;
    told.reminders += 1;
    return [{ kind: 'reminder', key, firing, atMs: nowMs, nth: told.reminders, value: firing.value }];
  }

  /** A reminder that is due in a silence is left out; the next has its full time again. */
  #postpone(told: Told, nowMs: number): Announcement[] {
    const { remindMs } = this.#options;
    if (remindMs > 0 && nowMs >= told.lastMs + remindMs) told.lastMs = nowMs;
    return [];
  }

  #end({ key, firing, atMs, value, reason, end }: Change, nowMs: number): Announcement[] {
    const { id } = firing;
    const told = this.#told.get(id);
    this.#told.delete(id);
    this.#summary?.remove(id);
    if (told !== undefined && !told.isMember) {
      const isQuiet = this.#isSilent(key, nowMs);
      return [{ kind: 'resolved', key, firing, atMs, value, reason, end, isQuiet }];
    }
    return this.#closeSummary(nowMs);
  }

  #hasRoom(nowMs: number): boolean {
    const { floodMessages, floodMs } = this.#options;
    this.#sentMs = this.#sentMs.filter((ms) => ms > nowMs - floodMs && ms <= nowMs);
    return floodMessages === 0 || this.#sentMs.length < floodMessages;
  }

  /** Tells of all that the bound withholds. Waits for the end of a silence of the whole rule. */
  #summarise(nowMs: number): Announcement[] {
    const { floodMs, remindMs } = this.#options;
    if (this.#summary === undefined) return [];
    if (this.#summary.isOver) return this.#closeSummary(nowMs);
    const saved = this.#isSilent(SUMMARY_KEY, nowMs) ? undefined : this.#summary.news(nowMs, floodMs, remindMs);
    if (saved === undefined) return [];
    const { firing, members, times } = saved;
    for (const [id, { severity }] of this.#summary.saved.members)
      this.#remember({ ...firing, id, severity }, nowMs, true);
    const nth = times === 0 ? {} : { nth: times };
    return [{ kind: 'summary', key: SUMMARY_KEY, firing, atMs: nowMs, members, ...nth }, ...this.#closeSummary(nowMs)];
  }

  #closeSummary(nowMs: number): Announcement[] {
    const summary = this.#summary;
    if (summary === undefined || !summary.isOver) return [];
    this.#summary = undefined;
    if (!summary.isTold) return [];
    const isQuiet = this.#isSilent(SUMMARY_KEY, nowMs);
    return [{ kind: 'summary-over', key: SUMMARY_KEY, firing: summary.firing, atMs: nowMs, isQuiet }];
  }
}

import type { CompiledRules, Fields } from '../../lib/rules/compile.ts';
import type { AlertSeverity, Bad, EndReason, Good, Ignored, Judge, Verdict } from './judge/judge.ts';
import { type AlertKey, keyOf } from './key.ts';
import { sampleOf } from './sample.ts';

/** An alert that fires, from its first record to its end. */
export interface Firing {
  /** The same from firing to resolved. */
  readonly id: string;
  readonly sinceMs: number;
  severity: AlertSeverity;
  value: number | undefined;
  /** How many records said so. */
  count: number;
  /** The record that caused it. */
  readonly record: Fields;
  /** It was read late: when that was, in ms since the epoch. */
  readonly readMs?: number | undefined;
}

/** What changed for one key. */
export interface Change {
  readonly kind: 'firing' | 'severity' | 'resolved' | 'event';
  readonly key: AlertKey;
  readonly firing: Firing;
  readonly atMs: number;
  /** Of an end: the value that ended it, and the reason where no record did. */
  readonly value?: number | undefined;
  readonly reason?: EndReason | undefined;
}

/** What was not judged, by reason, since the start. */
export type Notices = { [reason in Ignored | 'clock-ahead' | 'no-key' | 'no-room']?: number };

export interface EngineOptions {
  readonly only: CompiledRules;
  /** Records that do not fit `only` are judged as well: the end of an alert may look otherwise. */
  readonly alsoJudges?: ((record: Fields) => boolean) | undefined;
  readonly each: readonly string[];
  readonly orNone: boolean;
  readonly severity: AlertSeverity;
  readonly mostKeys: number;
  createJudge(nowMs: number, saved?: unknown): Judge;
  /** A new id for an alert. */
  createId(): string;
}

export interface SavedKey {
  readonly key: AlertKey;
  readonly judge: unknown;
  readonly firing?: Firing | undefined;
}

interface Entry {
  readonly key: AlertKey;
  readonly judge: Judge;
  firing: Firing | undefined;
}

/** The states of one rule, one for each key. Knows nothing of messages, silence and reminders. */
export class AlertEngine {
  readonly notices: Notices = {};
  readonly #options: EngineOptions;
  /** In the order in which they were heard of last. */
  readonly #entries = new Map<string, Entry>();

  /** `saved` is what an earlier run kept. */
  constructor(options: EngineOptions, nowMs: number, saved: readonly SavedKey[] = []) {
    this.#options = options;
    for (const { key, judge, firing } of saved) {
      this.#entries.set(key.id, { key, judge: options.createJudge(nowMs, judge), firing });
    }
  }

  get firing(): { readonly key: AlertKey; readonly firing: Firing }[] {
    return [...this.#entries.values()].flatMap(({ key, firing }) => (firing === undefined ? [] : { key, firing }));
  }

  get size(): number {
    return this.#entries.size;
  }

  get saved(): SavedKey[] {
    return [...this.#entries.values()].map(({ key, judge, firing }) => ({ key, judge: judge.saved, firing }));
  }

  /** Makes sure that a key is judged though no record has named it. */
  expect(key: AlertKey, nowMs: number, saved?: unknown): void {
    if (this.#entries.has(key.id)) return;
    this.#entries.set(key.id, { key, judge: this.#options.createJudge(nowMs, saved), firing: undefined });
  }

  /** Judges a record that came now. */
  take(record: Fields, nowMs: number): Change | undefined {
    const { only, alsoJudges, each, orNone } = this.#options;
    if (!only.matches(record) && alsoJudges?.(record) !== true) return undefined;
    const key = keyOf(record, each, orNone);
    if (key === undefined) return this.#note('no-key');
    const entry = this.#entryOf(key, nowMs);
    if (entry === undefined) return this.#note('no-room');
    const sample = sampleOf(record, nowMs);
    if (sample.isAhead) this.#note('clock-ahead');
    const verdict = entry.judge.take(sample, entry.firing !== undefined);
    if (typeof verdict === 'string') return this.#note(verdict);
    return this.#apply(entry, verdict, record, nowMs, sample.isBacklog);
  }

  /** Judges by the clock. To be called every second or so. */
  tick(nowMs: number): Change[] {
    const changes: Change[] = [];
    for (const entry of this.#entries.values()) {
      const verdict = entry.judge.tick(nowMs, entry.firing !== undefined);
      const change = verdict === undefined ? undefined : this.#apply(entry, verdict, {}, nowMs, false);
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /** So much time did not pass: this Node-RED was off or asleep, or the clock was set. */
  skip(ms: number, nowMs: number): void {
    for (const { judge } of this.#entries.values()) judge.skip(ms, nowMs);
  }

  /** Ends an alert by hand, or all of them. */
  end(reason: EndReason, nowMs: number, id?: string): Change[] {
    const entries = [...this.#entries.values()].filter(({ key }) => id === undefined || key.id === id);
    return entries.flatMap((entry) => this.#good(entry, { isBad: false, atMs: nowMs, reason }) ?? []);
  }

  #note(reason: keyof Notices): undefined {
    this.notices[reason] = (this.notices[reason] ?? 0) + 1;
  }

  #entryOf(key: AlertKey, nowMs: number): Entry | undefined {
    const known = this.#entries.get(key.id);
    if (known !== undefined) {
      // The map keeps the order of insertion: what was heard of last is last.
      this.#entries.delete(key.id);
      this.#entries.set(key.id, known);
      return known;
    }
    if (this.#entries.size >= this.#options.mostKeys && !this.#makeRoom()) return undefined;
    const entry: Entry = { key, judge: this.#options.createJudge(nowMs), firing: undefined };
    this.#entries.set(key.id, entry);
    return entry;
  }

  /** Forgets an idle key first, then one that is not decided yet; one that fires never. */
  #makeRoom(): boolean {
    let pending: string | undefined;
    for (const [id, { judge, firing }] of this.#entries) {
      if (firing !== undefined) continue;
      if (judge.isIdle) return this.#entries.delete(id);
      pending ??= id;
    }
    return pending !== undefined && this.#entries.delete(pending);
  }

  #apply(entry: Entry, verdict: Verdict, record: Fields, nowMs: number, isLate: boolean): Change | undefined {
    if (verdict === undefined) return undefined;
    if (!verdict.isBad) return this.#good(entry, verdict);
    return entry.firing === undefined
      ? this.#start(entry, verdict, record, nowMs, isLate)
      : this.#goOn(entry, entry.firing, verdict, nowMs);
  }

  #start(entry: Entry, bad: Bad, record: Fields, nowMs: number, isLate: boolean): Change {
    const { createId, severity } = this.#options;
    const firing: Firing = {
      id: createId(),
      sinceMs: bad.sinceMs,
      severity: bad.severity ?? severity,
      value: bad.value,
      count: 1,
      record,
      readMs: isLate ? nowMs : undefined,
    };
    if (bad.isEvent === true) return { kind: 'event', key: entry.key, firing, atMs: bad.sinceMs };
    entry.firing = firing;
    return { kind: 'firing', key: entry.key, firing, atMs: bad.sinceMs, value: bad.value };
  }

  #goOn({ key }: Entry, firing: Firing, bad: Bad, nowMs: number): Change | undefined {
    const severity = bad.severity ?? this.#options.severity;
    firing.count += 1;
    firing.value = bad.value ?? firing.value;
    if (severity === firing.severity) return undefined;
    firing.severity = severity;
    return { kind: 'severity', key, firing, atMs: nowMs, value: bad.value };
  }

  #good(entry: Entry, { atMs, value, reason }: Good): Change | undefined {
    const { firing, key } = entry;
    if (firing === undefined) return undefined;
    entry.firing = undefined;
    return { kind: 'resolved', key, firing, atMs: Math.max(atMs, firing.sinceMs), value, reason };
  }
}

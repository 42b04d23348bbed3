import { type Fields, fieldOf, isPresent } from '../../lib/rules/compile.ts';
import { causeOf } from './cause.ts';
import type { Change } from './change.ts';
import type { EngineOptions, Notices } from './engine-options.ts';
import { type Firing, worstOf } from './firing.ts';
import type { Bad, EndReason, Good, Verdict } from './judge/judge.ts';
import { type JudgedKey, JudgedKeys, type KeyValue } from './judged-keys.ts';
import { type AlertKey, fieldsOf, KeyReader } from './key.ts';
import { Overflow, TOO_MANY_KEYS } from './overflow.ts';
import { RepeatedIds } from './repeated-ids.ts';
import { SampleReader } from './sample.ts';
import type { SavedEngine } from './saved.ts';

/** Judges the records of one rule, key by key. Knows nothing of messages, silence and reminders. */
export class AlertEngine {
  readonly notices: Notices = {};
  readonly #options: EngineOptions;
  readonly #keys: JudgedKeys;
  readonly #reader: KeyReader;
  readonly #samples = new SampleReader();
  readonly #ids: RepeatedIds;
  readonly #overflow: Overflow;
  /** How many records are judged. */
  #fitting = 0;
  #telling = 0;

  /** `saved` is what an earlier run of the same rule kept, `isChanged` whether it had other limits. */
  constructor(options: EngineOptions, nowMs: number, saved?: SavedEngine, isChanged = false) {
    this.#options = options;
    this.#reader = new KeyReader(options.each, options.orNone);
    this.#ids = new RepeatedIds(saved?.ids);
    this.#overflow = new Overflow(options, nowMs, saved?.overflow);
    const forgotten = (): void => this.#note('forgotten-keys');
    this.#keys = new JudgedKeys(options, nowMs, forgotten, { keys: saved?.keys, isChanged });
  }

  get firing(): { readonly key: AlertKey; readonly firing: Firing }[] {
    const found = this.#keys.firing;
    const { firing } = this.#overflow;
    if (firing !== undefined) found.push({ key: TOO_MANY_KEYS, firing });
    return found;
  }

  /** All keys that are judged. */
  get entries(): Iterable<Readonly<JudgedKey>> {
    return this.#keys.values();
  }

  get size(): number {
    return this.#keys.size;
  }

  /** How many records fitted the rule, since the start. */
  get fitting(): number {
    return this.#fitting;
  }

  /** How many of them told more than that they came, since the start. */
  get telling(): number {
    return this.#telling;
  }

  savedAt(nowMs: number): SavedEngine {
    return {
      keys: this.#keys.savedAt(nowMs),
      ids: this.#ids.saved,
      overflow: this.#overflow.firing && { ...this.#overflow.firing },
    };
  }

  /** A key by the text that people see. */
  keyNamed(text: string): AlertKey | undefined {
    return this.#keys.named(text);
  }

  /** How far the keys are that do not ring: the highest value, and whose it is. */
  highest(nowMs: number): KeyValue | undefined {
    return this.#keys.highest(nowMs);
  }

  /** The value of every key now, for those that have one. */
  values(nowMs: number): KeyValue[] {
    return this.#keys.valuesAt(nowMs);
  }

  /** Judges a record that came now. */
  take(record: Fields, nowMs: number): Change | undefined {
    const { only, alsoJudges, field, isOnceOnly } = this.#options;
    if (!only.matches(record) && alsoJudges?.(record) !== true) return undefined;
    this.#fitting += 1;
    const key = this.#reader.keyOf(record);
    // A record without the field that is read has nothing to say of any key.
    if (key === undefined) return this.#note(field === '' || isPresent(fieldOf(record, field)) ? 'no-key' : 'no-field');
    if (isOnceOnly === true && this.#ids.isRepeat(record.event_id)) return this.#note('repeated');
    const entry = this.#keys.use(key, nowMs);
    if (entry === undefined) {
      this.#telling += 1;
      this.#overflow.note(nowMs);
      return this.#note('no-room');
    }
    const sample = this.#samples.sampleOf(record, nowMs);
    if (sample.isAhead) this.#note('clock-ahead');
    const verdict = entry.judge.take(sample, entry.firing !== undefined);
    if (isOnceOnly === true || entry.firing !== undefined || !entry.judge.isUnmoved) this.#telling += 1;
    if (typeof verdict === 'string') return this.#note(verdict);
    const change = this.#apply(entry, verdict, record, nowMs, sample.isBacklog);
    if (entry.firing !== undefined && verdict?.isBad === true) entry.firing.seenMs = sample.timeMs;
    return change;
  }

  /** Judges by the clock. To be called every second or so. */
  tick(nowMs: number): Change[] {
    const changes: Change[] = [];
    for (const entry of this.#keys.values()) {
      const verdict = entry.judge.tick(nowMs, entry.firing !== undefined);
      if (verdict === undefined) continue;
      const cause = verdict.isBad ? verdict.cause : undefined;
      const record = cause?.record ?? fieldsOf(entry.key, this.#options.each);
      const change = this.#apply(entry, verdict, record, nowMs, cause?.isBacklog === true);
      if (change !== undefined) changes.push(change);
    }
    const overflow = this.#overflow.tick(nowMs);
    if (overflow !== undefined) changes.push(overflow);
    return changes;
  }

  /** This Node-RED was off, asleep or stopped for so long. */
  skip(ms: number, nowMs: number): void {
    for (const { judge } of this.#keys.values()) judge.skip(ms, nowMs);
  }

  /** The clock was set by so much: what is known by the old one moves along. */
  shift(ms: number, nowMs: number): void {
    for (const { judge, firing } of this.#keys.values()) {
      judge.shift(ms, nowMs);
      if (firing !== undefined) firing.sinceMs = Math.min(firing.sinceMs + ms, nowMs);
    }
    this.#overflow.shift(ms, nowMs);
  }

  /** Ends all alerts for a reason that no record says. */
  endAll(reason: EndReason, nowMs: number): Change[] {
    const ended = this.endWhere(() => true, reason, nowMs);
    const overflow = this.#overflow.end(nowMs, reason);
    return overflow === undefined ? ended : [...ended, overflow];
  }

  /** Ends those alerts that are meant. */
  endWhere(isMeant: (firing: Firing) => boolean, reason: EndReason, nowMs: number): Change[] {
    const meant = [...this.#keys.values()].filter(({ firing }) => firing !== undefined && isMeant(firing));
    return meant.flatMap((entry) => this.#good(entry, { isBad: false, atMs: nowMs, reason }) ?? []);
  }

  #note(reason: keyof Notices): undefined {
    this.notices[reason] = (this.notices[reason] ?? 0) + 1;
  }

  #apply(entry: JudgedKey, verdict: Verdict, record: Fields, nowMs: number, isLate: boolean): Change | undefined {
    if (verdict === undefined) return undefined;
    if (!verdict.isBad) return this.#good(entry, verdict, verdict.reason === undefined ? record : undefined);
    return entry.firing === undefined
      ? this.#start(entry, verdict, record, nowMs, isLate)
      : this.#goOn(entry, entry.firing, verdict, record, nowMs);
  }

  #start(entry: JudgedKey, bad: Bad, record: Fields, nowMs: number, isLate: boolean): Change {
    const { createId, severity } = this.#options;
    const firing: Firing = {
      id: createId(),
      sinceMs: bad.sinceMs,
      severity: bad.severity ?? severity,
      value: bad.value,
      worst: bad.value,
      count: 1,
      record: causeOf(record),
      readMs: isLate ? nowMs : undefined,
    };
    if (bad.isEvent === true) return { kind: 'event', key: entry.key, firing, atMs: bad.sinceMs };
    entry.firing = firing;
    return { kind: 'firing', key: entry.key, firing, atMs: bad.sinceMs, value: bad.value };
  }

  #goOn({ key }: JudgedKey, firing: Firing, bad: Bad, record: Fields, nowMs: number): Change | undefined {
    const { isFalling } = this.#options;
    const severity = bad.severity ?? this.#options.severity;
    firing.count += 1;
    firing.value = bad.value ?? firing.value;
    firing.worst = worstOf(firing.worst, bad.value, isFalling);
    if (severity === firing.severity) return undefined;
    firing.severity = severity;
    firing.record = causeOf(record);
    return { kind: 'severity', key, firing, atMs: nowMs, value: bad.value };
  }

  #good(entry: JudgedKey, { atMs, value, reason }: Good, end?: Fields): Change | undefined {
    const { firing, key } = entry;
    if (firing === undefined) return undefined;
    entry.firing = undefined;
    return { kind: 'resolved', key, firing, atMs: Math.max(atMs, firing.sinceMs), value, reason, end };
  }
}

import { type Fields, fieldOf, isPresent } from '../../lib/rules/compile.ts';
import { causeOf } from './cause.ts';
import type { Change } from './change.ts';
import type { EngineOptions, Notices } from './engine-options.ts';
import { type Firing, worstOf } from './firing.ts';
import type { Bad, EndReason, Good, Judge, Verdict } from './judge/judge.ts';
import { type AlertKey, fieldsOf, KeyReader } from './key.ts';
import { Overflow, TOO_MANY_KEYS } from './overflow.ts';
import { RecentEntries } from './recent-entries.ts';
import { RepeatedIds } from './repeated-ids.ts';
import { SampleReader } from './sample.ts';
import type { SavedEngine, SavedKey } from './saved.ts';

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
  readonly #entries = new RecentEntries<Entry>();
  readonly #keys: KeyReader;
  readonly #samples = new SampleReader();
  readonly #ids: RepeatedIds;
  readonly #overflow: Overflow;
  /** How many records are judged. */
  #fitting = 0;
  #telling = 0;

  /** `saved` is what an earlier run of the same rule kept, `isChanged` whether it had other limits. */
  constructor(options: EngineOptions, nowMs: number, saved?: SavedEngine, isChanged = false) {
    this.#options = options;
    this.#keys = new KeyReader(options.each, options.orNone);
    this.#ids = new RepeatedIds(saved?.ids);
    this.#overflow = new Overflow(options, nowMs, saved?.overflow);
    for (const one of saved?.keys ?? []) this.#restore(one, nowMs, isChanged);
    for (const key of options.expected ?? []) {
      if (this.#entries.get(key.id) !== undefined) continue;
      this.#entries.set(key.id, { key, judge: options.createJudge({ key, nowMs }), firing: undefined });
    }
  }

  get firing(): { readonly key: AlertKey; readonly firing: Firing }[] {
    const found: { readonly key: AlertKey; readonly firing: Firing }[] = [];
    for (const { key, firing } of this.#entries.values()) if (firing !== undefined) found.push({ key, firing });
    const { firing } = this.#overflow;
    if (firing !== undefined) found.push({ key: TOO_MANY_KEYS, firing });
    return found;
  }

  /** All keys that are judged. */
  get entries(): Iterable<Readonly<Entry>> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
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
    const keys: SavedKey[] = [];
    for (const { key, judge, firing } of this.#entries.values())
      keys.push({ key, judge: judge.saved, firing: firing && { ...firing } });
    return {
      keys: keys.filter(({ key, firing }) => firing !== undefined || !this.#isBlank(key.id, nowMs)),
      ids: this.#ids.saved,
      overflow: this.#overflow.firing && { ...this.#overflow.firing },
    };
  }

  /** A key by the text that people see. */
  keyNamed(text: string): AlertKey | undefined {
    for (const { key } of this.#entries.values()) if (key.text === text) return key;
    return undefined;
  }

  /** How far the keys are that do not ring: the highest value, and whose it is. */
  highest(nowMs: number): { readonly key: AlertKey; readonly value: number } | undefined {
    const mostOf = ({ judge }: Entry): number => judge.mostValue ?? Number.NEGATIVE_INFINITY;
    const calm = [...this.#entries.values()].filter(({ firing }) => firing === undefined);
    let highest: { readonly key: AlertKey; readonly value: number } | undefined;
    // What a judge has at most is found at once, and mostly is what it has: few have to be looked at.
    for (const entry of calm.toSorted((one, other) => mostOf(other) - mostOf(one))) {
      const best = highest?.value ?? Number.NEGATIVE_INFINITY;
      if (mostOf(entry) <= best) break;
      const value = entry.judge.valueAt(nowMs);
      if (value !== undefined && value > best) highest = { key: entry.key, value };
    }
    return highest;
  }

  /** The value of every key now, for those that have one. */
  values(nowMs: number): { readonly key: AlertKey; readonly value: number }[] {
    return [...this.#entries.values()].flatMap(({ key, judge }) => {
      const value = judge.valueAt(nowMs);
      return value === undefined ? [] : { key, value };
    });
  }

  /** Judges a record that came now. */
  take(record: Fields, nowMs: number): Change | undefined {
    const { only, alsoJudges, field, isOnceOnly } = this.#options;
    if (!only.matches(record) && alsoJudges?.(record) !== true) return undefined;
    this.#fitting += 1;
    const key = this.#keys.keyOf(record);
    // A record without the field that is read has nothing to say of any key.
    if (key === undefined) return this.#note(field === '' || isPresent(fieldOf(record, field)) ? 'no-key' : 'no-field');
    if (isOnceOnly === true && this.#ids.isRepeat(record.event_id)) return this.#note('repeated');
    const entry = this.#entryOf(key, nowMs);
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
    for (const entry of this.#entries.values()) {
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
    for (const { judge } of this.#entries.values()) judge.skip(ms, nowMs);
  }

  /** The clock was set by so much: what is known by the old one moves along. */
  shift(ms: number, nowMs: number): void {
    for (const { judge, firing } of this.#entries.values()) {
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
    const meant = [...this.#entries.values()].filter(({ firing }) => firing !== undefined && isMeant(firing));
    return meant.flatMap((entry) => this.#good(entry, { isBad: false, atMs: nowMs, reason }) ?? []);
  }

  #restore({ key, judge: saved, firing }: SavedKey, nowMs: number, isChanged: boolean): void {
    const { createJudge, isStillBad } = this.#options;
    const isEnded = isChanged && firing !== undefined && isStillBad?.(firing) !== true;
    const judge = createJudge({ key, nowMs, saved, isChanged: isEnded });
    const past = firing && { ...firing, sinceMs: Math.min(firing.sinceMs, nowMs) };
    this.#entries.set(key.id, { key, judge, firing: past });
  }

  #isBlank(id: string, nowMs: number): boolean {
    const entry = this.#entries.get(id);
    return entry?.judge.isIdle(nowMs) === true && Object.values(entry.judge.saved as object).every((value) => !value);
  }

  #note(reason: keyof Notices): undefined {
    this.notices[reason] = (this.notices[reason] ?? 0) + 1;
  }

  #entryOf(key: AlertKey, nowMs: number): Entry | undefined {
    const known = this.#entries.use(key.id);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#options.mostKeys && !this.#makeRoom(nowMs)) return undefined;
    const entry: Entry = { key, judge: this.#options.createJudge({ key, nowMs }), firing: undefined };
    this.#entries.set(key.id, entry);
    return entry;
  }

  /** Forgets an idle key first, then one that is not decided yet; one that fires never. */
  #makeRoom(nowMs: number): boolean {
    let pending: string | undefined;
    for (const { key, judge, firing } of this.#entries.values()) {
      if (firing !== undefined) continue;
      if (judge.isIdle(nowMs)) return this.#entries.delete(key.id);
      pending ??= key.id;
    }
    if (pending === undefined) return false;
    this.#note('forgotten-keys');
    return this.#entries.delete(pending);
  }

  #apply(entry: Entry, verdict: Verdict, record: Fields, nowMs: number, isLate: boolean): Change | undefined {
    if (verdict === undefined) return undefined;
    if (!verdict.isBad) return this.#good(entry, verdict, verdict.reason === undefined ? record : undefined);
    return entry.firing === undefined
      ? this.#start(entry, verdict, record, nowMs, isLate)
      : this.#goOn(entry, entry.firing, verdict, record, nowMs);
  }

  #start(entry: Entry, bad: Bad, record: Fields, nowMs: number, isLate: boolean): Change {
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

  #goOn({ key }: Entry, firing: Firing, bad: Bad, record: Fields, nowMs: number): Change | undefined {
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

  #good(entry: Entry, { atMs, value, reason }: Good, end?: Fields): Change | undefined {
    const { firing, key } = entry;
    if (firing === undefined) return undefined;
    entry.firing = undefined;
    return { kind: 'resolved', key, firing, atMs: Math.max(atMs, firing.sinceMs), value, reason, end };
  }
}

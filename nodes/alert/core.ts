import type { Fields } from '../../lib/rules/compile.ts';
import type { Change } from './change.ts';
import type { Command } from './command.ts';
import { AlertEngine } from './engine.ts';
import { type AlertKey, keyFrom } from './key.ts';
import type { AlertRule } from './rule.ts';
import type { Outgoing, SavedAlert } from './saved.ts';
import type { AlertMsg } from './say/alert-record.ts';
import type { Announcement } from './say/announcement.ts';
import { Announcer, type AnnouncerOptions } from './say/announcer.ts';

export interface CoreOptions extends Omit<AnnouncerOptions, 'isHeld'> {
  readonly rule: AlertRule;
  /** Whether another alert, or the schedule, keeps this one quiet. */
  isHeld(nowMs: number): boolean;
  speak(announcement: Announcement, nowMs: number): AlertMsg;
  /** Hears of each state that changes, whether anybody is told or not. */
  onChange?(change: Change, isTold: boolean): void;
}

/** What goes out again after a start: wires give no receipt, and a node that was being replaced got nothing. */
const REPEAT_MS = 60_000;
const MOST_OUTGOING = 100;

/**
 * A rule with its states, and what people were told of them. It has no clock and no wires: times are given to it, in ms since
 * the epoch, and what is to be sent is taken from it.
 */
export class AlertCore {
  readonly #options: CoreOptions;
  readonly #engine: AlertEngine;
  readonly #announcer: Announcer;
  /** What left in the last minute. */
  #outgoing: Outgoing[];
  /** What is to leave now. */
  #ready: AlertMsg[];
  #isDirty = false;
  #isUrgent = false;
  #isAged = false;

  /** `saved` is what an earlier run kept. */
  constructor(options: CoreOptions, nowMs: number, saved?: SavedAlert) {
    const { rule } = options;
    // What was saved by a clock that was ahead is not cut to now, but moved with it.
    const startMs = Math.max(nowMs, saved?.savedMs ?? nowMs);
    this.#options = options;
    const isSame = saved?.identity === rule.identity;
    const engineOptions = { ...rule.engine, createId: options.createId };
    this.#announcer = new Announcer(options, saved?.announcer);
    this.#outgoing = [...(saved?.outgoing ?? [])];
    this.#ready = this.#outgoing.map(({ msg }) => msg);
    // Also another rule has what the old one left behind, to say that it is over.
    this.#engine = new AlertEngine(engineOptions, startMs, saved?.engine, isSame && saved?.limits !== rule.limits);
    if (saved !== undefined) this.#resume(saved.savedMs, nowMs);
    if (saved === undefined || isSame) return;
    this.#hear(this.#engine.endAll('rule-changed', nowMs), nowMs);
    this.#engine = new AlertEngine(engineOptions, nowMs);
  }

  get firing(): AlertEngine['firing'] {
    return this.#engine.firing;
  }

  get engine(): Pick<AlertEngine, 'notices' | 'size' | 'fitting' | 'highest' | 'values' | 'entries'> {
    return this.#engine;
  }

  get announcer(): Pick<Announcer, 'silentUntil' | 'isTold' | 'isAcknowledged'> {
    return this.#announcer;
  }

  /** Whether a state, or what was told of it, changed since it was kept last. */
  get isUrgent(): boolean {
    return this.#isUrgent;
  }

  /** Whether what was judged since it was kept last told something. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Whether anything was judged since it was kept last, be it that all is as it was. */
  get isAged(): boolean {
    return this.#isAged;
  }

  /** What is to leave, in order; it is given once. */
  takeReady(): AlertMsg[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  /** All that is kept over a restart, as it is at this moment and stays: it is made into JSON later. */
  save(nowMs: number): SavedAlert {
    this.#isDirty = false;
    this.#isUrgent = false;
    this.#isAged = false;
    const { identity, limits } = this.#options.rule;
    const engine = this.#engine.savedAt(nowMs);
    return {
      identity,
      limits,
      savedMs: nowMs,
      engine,
      announcer: this.#announcer.saved,
      outgoing: [...this.#outgoing],
    };
  }

  take(record: Fields, nowMs: number): void {
    const { fitting, telling } = this.#engine;
    const change = this.#engine.take(record, nowMs);
    if (this.#engine.fitting !== fitting) this.#isAged = true;
    if (this.#engine.telling !== telling) this.#isDirty = true;
    if (change !== undefined) this.#hear([change], nowMs);
  }

  /** To be called every second or so. */
  tick(nowMs: number): void {
    this.#hear(this.#engine.tick(nowMs), nowMs);
    this.#say(this.#announcer.tick(this.#engine.firing, nowMs), nowMs);
    if (this.#outgoing.length === 0) return;
    const kept = this.#outgoing.filter(({ atMs }) => atMs > nowMs - REPEAT_MS && atMs <= nowMs);
    if (kept.length !== this.#outgoing.length) this.#isDirty = true;
    this.#outgoing = kept;
  }

  /** The node is no longer there: whoever told people of its alerts says that they are over. */
  abandon(nowMs: number): void {
    this.#hear(this.#engine.endAll('rule-removed', nowMs), nowMs);
    this.#ready = [];
    this.#outgoing = [];
  }

  /** Ends what is about something that is there no more: nothing will say that it is well. */
  forgetGone(isGone: (record: Fields) => boolean, nowMs: number): void {
    this.#hear(
      this.#engine.endWhere(({ record }) => isGone(record), 'forgotten', nowMs),
      nowMs,
    );
  }

  /** For so long nothing could be heard: this Node-RED slept or was stopped. */
  skip(ms: number, nowMs: number): void {
    this.#engine.skip(ms, nowMs);
    this.#isDirty = true;
  }

  /** The clock was set by so much. */
  shift(ms: number, nowMs: number): void {
    this.#engine.shift(ms, nowMs);
    this.#announcer.shift(ms);
    this.#outgoing = this.#outgoing.map(({ msg, atMs }) => ({ msg, atMs: Math.min(atMs + ms, nowMs) }));
    this.#isDirty = true;
  }

  /** Does what a msg, the button or the dialog asks. False where it names a key that does not fire. */
  command(command: Command, nowMs: number): boolean {
    this.#isUrgent = true;
    if (command.action === 'acknowledge') return this.#acknowledge(command.key);
    const keyId = command.key === undefined ? undefined : this.#keyNamed(command.key).id;
    if (command.action === 'silence') this.#announcer.silence(nowMs + command.ms, keyId);
    else this.#announcer.wake(keyId);
    this.#say(this.#announcer.tick(this.#engine.firing, nowMs), nowMs);
    return true;
  }

  #acknowledge(key: string | undefined): boolean {
    const named = this.#engine.firing.filter((one) => key === undefined || one.key.text === key);
    return named.map(({ firing }) => this.#announcer.acknowledge(firing.id)).includes(true);
  }

  /** A key by the text that people see; it need not have been heard of yet. */
  #keyNamed(text: string): AlertKey {
    return this.#engine.keyNamed(text) ?? keyFrom([text]);
  }

  /** What passed since it was saved. The clock may have been set back meanwhile. */
  #resume(savedMs: number, nowMs: number): void {
    const offMs = nowMs - savedMs;
    if (offMs < 0) this.shift(offMs, nowMs);
    else this.skip(offMs, nowMs);
  }

  #hear(changes: readonly Change[], nowMs: number): void {
    if (changes.length === 0) return;
    this.#isDirty = true;
    this.#isUrgent = true;
    for (const change of changes) {
      const announcements = this.#announcer.hear(change, nowMs);
      this.#options.onChange?.(change, announcements.length > 0);
      this.#say(announcements, nowMs);
    }
  }

  #say(announcements: readonly Announcement[], nowMs: number): void {
    if (announcements.length === 0) return;
    this.#isDirty = true;
    this.#isUrgent = true;
    for (const announcement of announcements) {
      const msg = this.#options.speak(announcement, nowMs);
      this.#ready.push(msg);
      this.#outgoing.push({ msg, atMs: nowMs });
    }
    if (this.#outgoing.length > MOST_OUTGOING) this.#outgoing.splice(0, this.#outgoing.length - MOST_OUTGOING);
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompileOptions, Fields } from '../../lib/rules/compile.ts';
import type { Translate } from '../../lib/status.ts';
import { parseCommand } from '../../nodes/alert/command.ts';
import { AlertCore } from '../../nodes/alert/core.ts';
import { createRule } from '../../nodes/alert/rule.ts';
import { parseSavedAlert, type SavedAlert } from '../../nodes/alert/saved.ts';
import { type AlertMsg, Speaker } from '../../nodes/alert/say/alert-record.ts';
import { readSettings } from '../../nodes/alert/settings.ts';
import { SilenceSchedule } from '../../nodes/alert/silence-schedule.ts';
import { packageRoot } from './node-red.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

const words = JSON.parse(readFileSync(join(packageRoot, 'nodes/alert/locales/en-US/alert.json'), 'utf8')).alert;

/** The words of the node's catalogue. */
export const alertWords: Translate = (key, args = {}) => {
  const text = key.split('.').reduce<unknown>((found, part) => (found as { [name: string]: unknown })[part], words);
  if (typeof text !== 'string') throw new Error(`no words for ${key}`);
  return text.replaceAll(/__(\w+)__/g, (_whole, name: string) => String(args[name] ?? ''));
};

const plainPattern: CompileOptions['pattern'] = (source, flags) => (text) => new RegExp(source, flags).test(text);

/** An `alert` without wires and files: a clock that the test sets, and a state that goes through JSON at every restart. */
export class AlertBench {
  readonly said: AlertMsg[] = [];
  nowMs: number;
  core: AlertCore;
  isHeld = false;
  isPaused = false;
  #config: object;
  #ids = 0;
  /** What lies on the disk. */
  kept: SavedAlert | undefined;
  /** Whether all that a message is about is kept before it leaves. */
  isDiskFull = false;

  constructor(config: object, nowMs = Date.parse('2026-11-26T12:00:00Z')) {
    this.#config = config;
    this.nowMs = nowMs;
    this.core = this.#start(undefined);
    this.settle();
  }

  #start(saved: SavedAlert | undefined): AlertCore {
    const settings = readSettings({ name: 'x', ...this.#config }, 'UTC');
    const rule = createRule(settings, { pattern: plainPattern, isPaused: () => this.isPaused });
    const speaker = new Speaker({ settings, host: 'own', translate: alertWords, zone: 'UTC' });
    const schedule = new SilenceSchedule(settings.silences);
    const options = {
      ...settings,
      rule,
      createId: () => `id${++this.#ids}`,
      isHeld: (nowMs: number) => this.isHeld || schedule.isSilent(nowMs),
      speak: speaker.speak.bind(speaker),
    };
    return new AlertCore(options, this.nowMs, saved);
  }

  /** As the keeper does: what has changed is kept, then it leaves. */
  settle(): void {
    const ready = this.core.takeReady();
    if (this.core.isUrgent && !this.isDiskFull) this.keep();
    this.said.push(...ready);
  }

  keep(): void {
    const nowMs = this.nowMs;
    this.kept = parseSavedAlert(JSON.parse(JSON.stringify(this.core.save(nowMs))), nowMs);
  }

  /** A record that happens now, or `agoMs` ago. */
  take(fields: Fields, agoMs = 0): void {
    this.core.take({ time: new Date(this.nowMs - agoMs).toISOString(), ...fields }, this.nowMs);
    this.settle();
  }

  pass(ms: number, stepMs = 1000): void {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs = Math.min(end, this.nowMs + stepMs);
      this.core.tick(this.nowMs);
      this.settle();
    }
  }

  command(command: object): boolean {
    const isDone = this.core.command(parseCommand(command), this.nowMs);
    this.settle();
    return isDone;
  }

  /** A Deploy, perhaps with other settings. */
  deploy(config: object = this.#config): void {
    this.keep();
    this.kill(0, config);
  }

  /** `kill -9`, and a start after a while. */
  kill(offMs = 0, config: object = this.#config): void {
    this.#config = config;
    this.nowMs += offMs;
    this.core = this.#start(this.kept);
    this.settle();
  }

  /** What people heard: a transition that goes out again is known by its `event_id`. */
  get told(): AlertMsg[] {
    const known = new Set<string>();
    return this.said.filter(({ record }) => !known.has(record.event_id) && known.add(record.event_id));
  }

  /** The same in short: state, key, what follows the id in `event_id`. */
  get story(): string[] {
    return this.told.map(({ record, isQuiet }) => {
      const what = record.event_id.slice(String(record.alert_id).length + 1);
      return [what, record.alert_key, isQuiet ? 'quietly' : undefined].filter((word) => word !== undefined).join(' ');
    });
  }

  get last(): AlertMsg['record'] {
    return this.told.at(-1)?.record as AlertMsg['record'];
  }
}

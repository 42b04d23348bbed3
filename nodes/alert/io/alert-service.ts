import { randomUUID } from 'node:crypto';
import { type Bus, say, whenAsked } from '../../../lib/bus.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import type { StateFile } from '../../../lib/io/state-file.ts';
import type { CompiledRules, Fields } from '../../../lib/rules/compile.ts';
import type { Translate } from '../../../lib/status.ts';
import type { Change } from '../change.ts';
import { type ChartLimit, chartLimits } from '../chart-limit.ts';
import type { Command } from '../command.ts';
import { AlertCore } from '../core.ts';
import { AlertDisplay } from '../display.ts';
import { HeldBack, PausedSources } from '../held-back.ts';
import { isOfGoneNode, type ReportedNode } from '../node-report.ts';
import { type PendingAlert, pendingAlerts } from '../pending.ts';
import { createRule, type RuleOptions } from '../rule.ts';
import { parseSavedAlert, type SavedAlert } from '../saved.ts';
import { type AlertMsg, Speaker } from '../say/alert-record.ts';
import type { AlertSettings } from '../settings.ts';
import { SilenceSchedule } from '../silence-schedule.ts';
import type { Shown } from '../status.ts';
import { type AlertBeat, AlertClock } from './alert-clock.ts';
import { AlertKeeper } from './alert-keeper.ts';

export interface ServiceOptions extends Pick<RuleOptions, 'pattern'> {
  /** The node's id. */
  readonly id: string;
  readonly settings: AlertSettings;
  readonly host: string;
  readonly zone: string;
  readonly bus: Bus;
  readonly file: StateFile<SavedAlert>;
  /** What an earlier run kept. */
  readonly saved: SavedAlert | undefined;
  readonly isWired: boolean;
  /** Words of the node's catalogue. */
  readonly translate: Translate;
  /** That of all alerts. */
  readonly beat?: AlertBeat;
  send(msg: AlertMsg): void;
  show(shown: Shown): void;
  onFault(error: unknown): void;
}

/** An alert that fires, for the dialog. */
export interface FiringView {
  readonly key: string;
  /** ISO 8601. */
  readonly since: string;
  /** Nobody was told of it yet in a silence. */
  readonly isTold: boolean;
  readonly isAcknowledged: boolean;
}

/** One `alert` as it runs: the rule with its states, its clock, its file, and what it hears of other nodes. */
export class AlertService {
  readonly #options: ServiceOptions;
  readonly #schedule: SilenceSchedule;
  readonly #heldBack: HeldBack;
  readonly #paused: PausedSources;
  readonly #speaker: Speaker;
  readonly #clock: AlertClock;
  readonly #core: AlertCore;
  readonly #only: CompiledRules;
  readonly #keeper: AlertKeeper;
  readonly #display: AlertDisplay;
  readonly #leave: () => void;

  constructor(options: ServiceOptions) {
    const { settings, bus, file, onFault, pattern, saved } = options;
    this.#options = options;
    this.#schedule = new SilenceSchedule(settings.silences);
    this.#heldBack = new HeldBack(bus, settings.heldBy);
    this.#paused = new PausedSources(bus);
    this.#speaker = new Speaker(options);
    this.#clock = new AlertClock(
      {
        tick: (nowMs) => this.#tick(nowMs),
        skip: (ms, nowMs) => this.#core.skip(ms, nowMs),
        shift: (ms, nowMs) => this.#core.shift(ms, nowMs),
      },
      options.beat,
    );
    const rule = createRule(settings, { pattern, isPaused: () => this.#paused.isPaused });
    this.#only = rule.engine.only;
    this.#core = new AlertCore(
      {
        ...settings,
        rule,
        createId: randomUUID,
        isHeld: (nowMs) => this.#heldBack.isHeld || this.#schedule.isSilent(nowMs),
        speak: (announcement, nowMs) => this.#speaker.speak(announcement, nowMs),
        onChange: (change, isTold) => this.#tellOthers(change, isTold),
      },
      this.#clock.now(),
      saved,
    );
    this.#keeper = new AlertKeeper({
      core: this.#core,
      file,
      send: options.send,
      onFault,
      now: () => this.#clock.now(),
    });
    this.#leave = whenAsked(bus, 'infra-monitoring:alert', () => {
      for (const one of this.#core.firing) {
        const change = { ...one, kind: 'firing', atMs: one.firing.sinceMs } as const;
        this.#tellOthers(change, this.#core.announcer.isTold(one.firing.id));
      }
    });
    this.#display = new AlertDisplay({
      ...options,
      core: this.#core,
      schedule: this.#schedule,
      isHeld: () => this.#heldBack.isHeld,
      isPaused: () => this.#paused.isPaused,
    });
    this.#display.update(this.#clock.now());
  }

  /** The flows run: from now on time passes, and messages leave. */
  start(): void {
    this.#heldBack.askAgain();
    this.#clock.start();
    this.#keeper.start();
    this.#display.update(this.#clock.now());
  }

  /** Other nodes may be gone since the last Deploy: what they said holds no more. `nodes` are those that there are. */
  lookAround(nodes: readonly ReportedNode[]): void {
    this.#heldBack.askAgain();
    if (!this.#options.settings.readsNodes) return;
    this.#core.forgetGone((record) => isOfGoneNode(record, nodes), this.#clock.now());
    this.#keeper.settle();
  }

  /** Judges records, in order. `failed` hears why one could not be judged. */
  takeAll<Of extends Fields>(records: readonly Of[], failed: (error: unknown, record: Of) => void): void {
    const nowMs = this.#clock.now();
    for (const record of records) {
      try {
        this.#core.take(record, nowMs);
      } catch (error) {
        failed(error, record);
      }
    }
    this.#keeper.settle();
  }

  take(record: Fields): void {
    const nowMs = this.#clock.now();
    this.#core.take(record, nowMs);
    this.#keeper.settle();
  }

  /**
   * Does what it is asked. Resolves once it is kept: whoever is told that it is silent can rely on it. Rejects with
   * `ALERT_UNKNOWN_KEY` or `ALERT_NOTHING_FIRES` where it cannot be done.
   */
  async command(command: Command): Promise<void> {
    const nowMs = this.#clock.now();
    const isDone = this.#core.command(command, nowMs);
    this.#display.update(nowMs);
    if (isDone) return this.#keeper.kept();
    const { key } = command;
    throw key === undefined
      ? new MonitoringError('ALERT_NOTHING_FIRES')
      : new MonitoringError('ALERT_UNKNOWN_KEY', { value: key });
  }

  /** When the silence by hand ends, in ms since the epoch; undefined where there is none. */
  get silentUntilMs(): number | undefined {
    return this.#core.announcer.silentUntil(this.#clock.now());
  }

  /** What fires, the newest first. */
  get firing(): readonly FiringView[] {
    const { firing, announcer } = this.#core;
    return firing
      .toSorted((one, other) => other.firing.sinceMs - one.firing.sinceMs)
      .map(({ key, firing: { id, sinceMs } }) => ({
        key: key.text,
        since: new Date(sinceMs).toISOString(),
        isTold: announcer.isTold(id),
        isAcknowledged: announcer.isAcknowledged(id),
      }));
  }

  /** What may ring soon. */
  get pending(): readonly PendingAlert[] {
    return pendingAlerts(this.#core.engine.entries, this.#options.settings.rings, this.#clock.now());
  }

  /** The limits that its rule has for a field of such records. */
  limitsOf(field: string, record: Fields): readonly ChartLimit[] {
    return chartLimits(this.#options.settings, this.#only, field, record);
  }

  /** Sends a firing and its end, both marked as a test, the way that all go. */
  test(): void {
    const nowMs = this.#clock.now();
    for (const msg of this.#speaker.speakTest(randomUUID(), nowMs)) this.#options.send(msg);
    this.#display.tested(nowMs);
  }

  /** Gives what the file could not take, if anything. `isRemoved`: the node was deleted or disabled. */
  async close(isRemoved: boolean): Promise<SavedAlert | undefined> {
    this.#clock.close();
    const nowMs = this.#clock.now();
    if (isRemoved) this.#core.abandon(nowMs);
    this.#leave();
    this.#heldBack.close();
    this.#paused.close();
    const isKept = await this.#keeper.close();
    // As a file would have it: nothing in it is shared with what ends here.
    return isKept ? undefined : parseSavedAlert(JSON.parse(JSON.stringify(this.#core.save(nowMs))), nowMs);
  }

  #tick(nowMs: number): void {
    this.#core.tick(nowMs);
    this.#keeper.settle();
    this.#display.update(nowMs);
  }

  #tellOthers({ kind, key, firing }: Change, isTold: boolean): void {
    if (kind === 'event') return;
    const { id: node, settings, bus } = this.#options;
    const state = kind === 'resolved' ? 'resolved' : 'firing';
    const { id, severity, sinceMs } = firing;
    const { announcer } = this.#core;
    const silentUntilMs = announcer.silentUntil(this.#clock.now(), key.id);
    const isAcknowledged = announcer.isAcknowledged(id);
    const said = { node, name: settings.name, key: key.text, id, state, severity, sinceMs, isTold } as const;
    say(bus, 'infra-monitoring:alert', { ...said, silentUntilMs, isAcknowledged });
  }
}

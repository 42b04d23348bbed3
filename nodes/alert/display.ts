import type { AlertCore } from './core.ts';
import { firstDue, pendingAlerts } from './pending.ts';
import { RecentNotices } from './recent-notices.ts';
import type { AlertSettings } from './settings.ts';
import type { SilenceSchedule } from './silence-schedule.ts';
import { type AlertView, type Shown, statusOf } from './status.ts';

export interface DisplayOptions {
  readonly settings: Pick<AlertSettings, 'rings' | 'each' | 'heldBy'>;
  readonly core: Pick<AlertCore, 'engine' | 'announcer' | 'firing'>;
  readonly schedule: Pick<SilenceSchedule, 'isSilent' | 'endOf'>;
  readonly isWired: boolean;
  /** An IANA name. */
  readonly zone: string;
  /** Whether another alert holds this one back now. */
  isHeld(): boolean;
  /** Whether sources pause now, so that it is no news that nothing comes. */
  isPaused(): boolean;
  show(shown: Shown): void;
}

/** How long a test is shown. */
const TEST_SHOWN_MS = 10_000;

/** Keeps the status under an `alert` as things are. All times: ms since the epoch. */
export class AlertDisplay {
  readonly #options: DisplayOptions;
  readonly #notices = new RecentNotices();
  #testedMs = Number.NEGATIVE_INFINITY;
  #scheduledUntilMs = 0;

  constructor(options: DisplayOptions) {
    this.#options = options;
  }

  /** Shows for some seconds that a test was sent. */
  tested(nowMs: number): void {
    this.#testedMs = nowMs;
    this.update(nowMs);
  }

  update(nowMs: number): void {
    const { show, zone } = this.#options;
    if (nowMs - this.#testedMs < TEST_SHOWN_MS) show({ state: 'busy', key: 'tested' });
    else show(statusOf(this.#view(nowMs), zone));
  }

  #view(nowMs: number): AlertView {
    const { settings, core, isWired, isHeld, isPaused } = this.#options;
    const { rings, each, heldBy } = settings;
    const { engine, announcer, firing } = core;
    const isCount = rings.kind === 'count';
    return {
      firing,
      fitting: engine.fitting,
      notices: this.#notices.recent(engine.notices, nowMs),
      field: 'field' in rings ? rings.field : '',
      each: each.join(', '),
      silentUntilMs: announcer.silentUntil(nowMs) ?? this.#scheduledEnd(nowMs),
      heldBy: isHeld() ? heldBy : undefined,
      isPaused: rings.kind === 'absence' && isPaused(),
      isWired,
      nearest: isCount ? engine.highest(nowMs) : undefined,
      threshold: isCount ? rings.threshold : 0,
      due: 'forMs' in rings && rings.forMs > 0 ? firstDue(pendingAlerts(engine.entries, rings, nowMs)) : undefined,
    };
  }

  /** When the scheduled silence of now ends, if there is one. Found once for each: it goes through the minutes of a week. */
  #scheduledEnd(nowMs: number): number | undefined {
    const { schedule } = this.#options;
    if (!schedule.isSilent(nowMs)) return undefined;
    if (this.#scheduledUntilMs <= nowMs) this.#scheduledUntilMs = schedule.endOf(nowMs);
    return this.#scheduledUntilMs;
  }
}

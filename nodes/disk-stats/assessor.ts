import type { InfraRecord } from '../../lib/record.ts';
import type { Translate } from '../../lib/status.ts';
import type { MountedContainer } from './container-mounts.ts';
import { type DiskState, diskRecord } from './disk-record.ts';
import { Forecast } from './forecast.ts';
import type { Measured } from './measured.ts';
import type { Mount } from './mounts.ts';
import type { DiskSettings } from './settings.ts';
import { type Grade, grade, worse } from './thresholds.ts';
import type { Usage } from './usage.ts';

export interface Assessed {
  mount: Mount;
  state: DiskState;
  usedPercent: number | undefined;
  record: InfraRecord;
  /** False where nothing changed by more than the settings ask for. */
  due: boolean;
}

/** What is remembered of one mount from one measurement to the next. */
interface MountHistory {
  space: Grade;
  inodes: Grade;
  readonly forecast: Forecast;
  sentState: DiskState | undefined;
  sentPercent: number;
  /** Since when it does not answer, ms since the epoch. */
  silentSinceMs: number | undefined;
}

function identity({ mount, deviceId }: Mount): string {
  return `${deviceId} ${mount}`;
}

/** Makes records of what was measured, by the grades before, what was sent last and how each filesystem fills. */
export class DiskAssessor {
  readonly #settings: DiskSettings;
  readonly #host: string;
  readonly #translate: Translate;
  readonly #histories = new Map<string, MountHistory>();

  /** `translate` gives the words of this package's errors. */
  constructor(settings: DiskSettings, host: string, translate: Translate) {
    this.#settings = settings;
    this.#host = host;
    this.#translate = translate;
  }

  /**
   * Assesses all mounts that there are; what is not among them is forgotten. `nowMs` is the time of the measurement in ms
   * since the epoch, `containers` are those whose root a mount is, by mount point.
   */
  assess(
    all: readonly Measured[],
    nowMs: number,
    containers: ReadonlyMap<string, MountedContainer> = new Map(),
  ): Assessed[] {
    const assessed = all.map((one) => this.#assessOne(one, nowMs, containers.get(one.mount.mount)));
    const present = new Set(all.map(({ mount }) => identity(mount)));
    for (const key of this.#histories.keys()) if (!present.has(key)) this.#histories.delete(key);
    return assessed;
  }

  #assessOne(measured: Measured, nowMs: number, container: MountedContainer | undefined): Assessed {
    const { mount } = measured;
    const history = this.#historyOf(mount);
    const usage = 'usage' in measured ? measured.usage : undefined;
    if ('staleMs' in measured) history.silentSinceMs ??= nowMs - measured.staleMs;
    else history.silentSinceMs = undefined;
    const unusable: DiskState = 'staleMs' in measured ? 'stale' : 'unreadable';
    const state = usage === undefined ? unusable : this.#gradeUsage(usage, history);
    const fullInSeconds = usage && history.forecast.secondsUntilFull(nowMs, usage.availableBytes, usage.totalBytes);
    const silentMs = nowMs - (history.silentSinceMs ?? nowMs);
    const reading = { measured, state, container, nowMs, silentMs, fullInSeconds };
    return {
      mount,
      state,
      usedPercent: usage?.usedPercent,
      due: this.#isDue(state, usage, history),
      record: diskRecord(reading, this.#host, this.#translate),
    };
  }

  #historyOf(mount: Mount): MountHistory {
    const key = identity(mount);
    const known = this.#histories.get(key);
    if (known !== undefined) return known;
    const history: MountHistory = {
      space: 'ok',
      inodes: 'ok',
      forecast: new Forecast(),
      sentState: undefined,
      sentPercent: 0,
      silentSinceMs: undefined,
    };
    this.#histories.set(key, history);
    return history;
  }

  #gradeUsage(usage: Usage, history: MountHistory): Grade {
    history.space = grade(usage.usedPercent, history.space, this.#settings);
    history.inodes = grade(usage.inodesUsedPercent ?? 0, history.inodes, this.#settings);
    return worse(history.space, history.inodes);
  }

  /** Whether a record shall be sent; then the next ones are compared with this one. */
  #isDue(state: DiskState, usage: Usage | undefined, history: MountHistory): boolean {
    const { changedBy } = this.#settings;
    const percent = Math.max(usage?.usedPercent ?? 0, usage?.inodesUsedPercent ?? 0);
    const moved = Math.abs(percent - history.sentPercent);
    const isDue = changedBy === 0 || state !== history.sentState || moved > changedBy;
    if (isDue) {
      history.sentState = state;
      history.sentPercent = percent;
    }
    return isDue;
  }
}

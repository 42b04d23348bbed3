import type { InfraRecord } from '../../lib/record.ts';
import type { Translate } from '../../lib/status.ts';
import type { MountedContainer } from './container-mounts.ts';
import { type DiskState, diskRecord } from './disk-record.ts';
import { Forecast } from './forecast.ts';
import { isPassing, type KnownDisk, type KnownDisks, type KnownState, type SavedDisks } from './known-disks.ts';
import { isImage, type Measured } from './measured.ts';
import type { Mount } from './mounts.ts';
import type { DiskSettings } from './settings.ts';
import { fillsTooSoon, type Grade, grade, worse } from './thresholds.ts';
import type { Usage } from './usage.ts';

export interface Assessed {
  mount: Mount;
  state: DiskState;
  /** The state before, where that was another one and both are known. */
  before: KnownState | undefined;
  usedPercent: number | undefined;
  record: InfraRecord;
  /** False where nothing changed by more than the settings ask for. */
  due: boolean;
}

/** What is remembered of one mount from one measurement to the next. */
interface MountHistory {
  space: Grade;
  inodes: Grade;
  /** It will be full too soon. */
  filling: boolean;
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
  readonly #known: Map<string, KnownDisk>;

  /** `translate` gives the words of this package's errors, `saved` is what an earlier run kept. */
  constructor(settings: DiskSettings, host: string, translate: Translate, saved: SavedDisks = { disks: [] }) {
    this.#settings = settings;
    this.#host = host;
    this.#translate = translate;
    this.#known = new Map(saved.disks.map(({ mount, ...disk }) => [mount, disk]));
  }

  /** The filesystems that were there, by their mount points, but for those that come and go and are well. */
  get known(): KnownDisks {
    return this.#known;
  }

  /** What to keep over a restart. */
  snapshot(): SavedDisks {
    return { disks: [...this.#known].map(([mount, disk]) => ({ mount, ...disk })) };
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
    const assessed = all.flatMap((one) => this.#assessOne(one, nowMs, containers.get(one.mount.mount)) ?? []);
    const present = new Set(all.map(({ mount }) => identity(mount)));
    for (const key of this.#histories.keys()) if (!present.has(key)) this.#histories.delete(key);
    return assessed;
  }

  #assessOne(measured: Measured, nowMs: number, container: MountedContainer | undefined): Assessed | undefined {
    const { mount } = measured;
    const history = this.#historyOf(mount);
    const usage = 'usage' in measured ? measured.usage : undefined;
    if ('staleMs' in measured) history.silentSinceMs ??= nowMs - measured.staleMs;
    else history.silentSinceMs = undefined;
    const fullInSeconds = usage && history.forecast.secondsUntilFull(nowMs, usage.availableBytes, usage.totalBytes);
    const { fullSeconds } = this.#settings;
    // After a start nothing is known for half an hour: it is as it was.
    const isKnown = history.forecast.isKnownAt(nowMs) || fullSeconds === undefined;
    if (usage !== undefined && isKnown) history.filling = fillsTooSoon(fullInSeconds, history.filling, fullSeconds);
    const state = this.#stateOf(measured, history);
    const before = this.#remember(measured, state, history);
    // Of what ended well there is nothing to tell.
    if ('isGone' in measured && before === undefined) return undefined;
    const silentMs = nowMs - (history.silentSinceMs ?? nowMs);
    const reading = { measured, state, container, nowMs, silentMs, fullInSeconds };
    return {
      mount,
      state,
      before,
      usedPercent: usage?.usedPercent,
      due: this.#isDue(state, usage, history),
      record: diskRecord(reading, this.#host, this.#translate),
    };
  }

  #stateOf(measured: Measured, history: MountHistory): DiskState {
    if ('staleMs' in measured) return 'stale';
    if ('error' in measured) return 'unreadable';
    if ('missingSinceMs' in measured) return 'missing';
    if ('isGone' in measured || isImage(measured)) return 'ok';
    return this.#gradeUsage(measured.usage, history);
  }

  /** Keeps a state that is known. Gives the one before, where that was another one. */
  #remember(measured: Measured, state: DiskState, { space, inodes, filling }: MountHistory): KnownState | undefined {
    if (state === 'stale' || state === 'unreadable') return undefined;
    const { mount, device, fsType } = measured.mount;
    const before = this.#known.get(mount)?.state ?? 'ok';
    const missing = 'missingSinceMs' in measured ? { missingSinceMs: measured.missingSinceMs } : {};
    if ('isGone' in measured || (state === 'ok' && isPassing(measured.mount))) this.#known.delete(mount);
    else this.#known.set(mount, { device, fsType, state, space, inodes, ...(filling && { filling }), ...missing });
    return before === state ? undefined : before;
  }

  #historyOf(mount: Mount): MountHistory {
    const key = identity(mount);
    const found = this.#histories.get(key);
    if (found !== undefined) return found;
    const { device, fsType, space, inodes, filling } = this.#known.get(mount.mount) ?? {};
    const isSame = device === mount.device && fsType === mount.fsType;
    const history: MountHistory = {
      space: (isSame ? space : undefined) ?? 'ok',
      inodes: (isSame ? inodes : undefined) ?? 'ok',
      filling: isSame && filling === true,
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
    return history.filling ? 'critical' : worse(history.space, history.inodes);
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

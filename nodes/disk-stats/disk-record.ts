import { shortSpanText } from '../../lib/duration.ts';
import { type InfraRecord, type Level, record, Severity } from '../../lib/record.ts';
import { createForecast, type Forecast } from './forecast.ts';
import type { MountedContainer } from './io/containers.ts';
import type { Mount } from './mounts.ts';
import type { DiskSettings } from './settings.ts';
import { type Grade, grade, worse } from './thresholds.ts';
import { bytesText, type Usage } from './usage.ts';

/** What came of asking one mount. */
export type Measured =
  | { mount: Mount; usage: Usage }
  /** It did not answer within the deadline; `staleMs` since the question that is open was asked. */
  | { mount: Mount; staleMs: number }
  | { mount: Mount; fault: string };

export type DiskState = Grade | 'stale' | 'unreadable';

export interface Assessed {
  mount: Mount;
  state: DiskState;
  usedPercent: number | undefined;
  record: InfraRecord;
  /** False where nothing changed by more than the settings ask for. */
  due: boolean;
}

const LEVELS: Record<DiskState, Level> = {
  ok: Severity.info,
  warning: Severity.warning,
  critical: Severity.critical,
  stale: Severity.warning,
  unreadable: Severity.warning,
};

interface Memory {
  space: Grade;
  inodes: Grade;
  forecast: Forecast;
  sentState: DiskState | undefined;
  sentPercent: number;
  /** Since when it does not answer, ms since the epoch. */
  silentSinceMs: number | undefined;
}

function identity({ mount, deviceId }: Mount): string {
  return `${deviceId} ${mount}`;
}

function describe(
  measured: Measured,
  container: MountedContainer | undefined,
  silentMs: number,
  fullInSeconds: number | undefined,
): string {
  const { mount, fsType, device } = measured.mount;
  const of = container === undefined ? '' : ` of container ${container.name}`;
  const name = `${mount} (${fsType} on ${device})${of}`;
  if ('staleMs' in measured) return `${name} does not answer since ${shortSpanText(silentMs / 1000)}`;
  if ('fault' in measured) return `${name} cannot be read: ${measured.fault}`;
  const { usedPercent, usedBytes, totalBytes, availableBytes, inodesUsedPercent } = measured.usage;
  const inodes = inodesUsedPercent === undefined ? '' : `, inodes ${inodesUsedPercent} %`;
  const full = fullInSeconds === undefined ? '' : `, full in ${shortSpanText(fullInSeconds)}`;
  const space = `${bytesText(usedBytes)} of ${bytesText(totalBytes)}, ${bytesText(availableBytes)} available`;
  return `${name} ${usedPercent} % used: ${space}${inodes}${full}`;
}

/**
 * A function that makes records of what was measured, remembering grades, what was sent last and how each filesystem
 * fills. `nowMs` is the time of the measurement in ms since the epoch, `containers` those whose root a mount is.
 */
export function createAssessor(settings: DiskSettings, host: string) {
  const memories = new Map<string, Memory>();

  const assess = (measured: Measured, container: MountedContainer | undefined, nowMs: number): Assessed => {
    const { mount } = measured;
    const key = identity(mount);
    const memory = memories.get(key) ?? {
      space: 'ok',
      inodes: 'ok',
      forecast: createForecast(),
      sentState: undefined,
      sentPercent: 0,
      silentSinceMs: undefined,
    };
    memories.set(key, memory);
    const usage = 'usage' in measured ? measured.usage : undefined;
    if ('staleMs' in measured) memory.silentSinceMs ??= nowMs - measured.staleMs;
    else memory.silentSinceMs = undefined;
    let state: DiskState = 'staleMs' in measured ? 'stale' : 'unreadable';
    let fullInSeconds: number | undefined;
    if (usage !== undefined) {
      memory.space = grade(usage.usedPercent, memory.space, settings);
      memory.inodes = grade(usage.inodesUsedPercent ?? 0, memory.inodes, settings);
      state = worse(memory.space, memory.inodes);
      fullInSeconds = memory.forecast.add(nowMs, usage.availableBytes, usage.totalBytes);
    }
    const percent = Math.max(usage?.usedPercent ?? 0, usage?.inodesUsedPercent ?? 0);
    const moved = Math.abs(percent - memory.sentPercent);
    const due = settings.changedBy === 0 || state !== memory.sentState || moved > settings.changedBy;
    if (due) {
      memory.sentState = state;
      memory.sentPercent = percent;
    }
    return {
      mount,
      state,
      usedPercent: usage?.usedPercent,
      due,
      record: record(
        {
          log_type: 'disk',
          time: new Date(nowMs).toISOString(),
          host,
          level: LEVELS[state],
          message: describe(measured, container, nowMs - (memory.silentSinceMs ?? nowMs), fullInSeconds),
          event_id: `disk-${host}-${mount.mount}-${nowMs}`,
        },
        {
          disk_device: mount.device,
          disk_mount: mount.mount,
          disk_fs_type: mount.fsType,
          disk_state: state,
          disk_total_bytes: usage?.totalBytes,
          disk_used_bytes: usage?.usedBytes,
          disk_available_bytes: usage?.availableBytes,
          disk_used_percent: usage?.usedPercent,
          disk_inodes_used_percent: usage?.inodesUsedPercent,
          disk_full_in_seconds: fullInSeconds,
          container_id: container?.id,
          container_name: container?.name,
          container_written_bytes: container?.writtenBytes,
          container_rootfs_bytes: container?.totalBytes,
        },
      ),
    };
  };

  return (
    all: readonly Measured[],
    nowMs: number,
    containers: ReadonlyMap<string, MountedContainer> = new Map(),
  ): Assessed[] => {
    const result = all.map((measured) => assess(measured, containers.get(measured.mount.mount), nowMs));
    const present = new Set(all.map(({ mount }) => identity(mount)));
    for (const key of memories.keys()) if (!present.has(key)) memories.delete(key);
    return result;
  };
}

import { shortSpanText } from '../../lib/duration.ts';
import { explain } from '../../lib/errors.ts';
import { isByteCount, possibleFigures } from '../../lib/figure.ts';
import { type InfraRecord, type Level, record, Severity } from '../../lib/record.ts';
import type { Translate } from '../../lib/status.ts';
import type { MountedContainer } from './container-mounts.ts';
import type { Measured } from './measured.ts';
import type { Grade } from './thresholds.ts';
import { bytesText } from './usage.ts';

export type DiskState = Grade | 'missing' | 'stale' | 'unreadable';

const LEVELS: Record<DiskState, Level> = {
  ok: Severity.info,
  warning: Severity.warning,
  critical: Severity.critical,
  missing: Severity.error,
  stale: Severity.warning,
  unreadable: Severity.warning,
};

/** What is known of one mount at one time. */
export interface Reading {
  measured: Measured;
  state: DiskState;
  /** The container whose root filesystem the mount is. */
  container: MountedContainer | undefined;
  /** When it was measured, ms since the epoch. */
  nowMs: number;
  /** How long it has not answered. */
  silentMs: number;
  fullInSeconds: number | undefined;
}

function nameOf({ measured, container }: Reading): string {
  const { mount, fsType, device } = measured.mount;
  const of = container === undefined ? '' : ` of container ${container.name}`;
  // Of a mount that never was there only the path is known.
  return fsType === '' ? mount : `${mount} (${fsType} on ${device})${of}`;
}

function describe(reading: Reading, translate: Translate): string {
  const { measured, nowMs, silentMs, fullInSeconds } = reading;
  const name = nameOf(reading);
  if ('staleMs' in measured) return `${name} does not answer since ${shortSpanText(silentMs / 1000)}`;
  if ('error' in measured) return `${name} cannot be read: ${explain(measured.error, translate)}`;
  if ('isGone' in measured) return `${name} is not mounted any more, or not asked for`;
  if ('missingSinceMs' in measured) {
    const seconds = Math.max(0, nowMs - measured.missingSinceMs) / 1000;
    return `${name} is not mounted${seconds < 1 ? '' : `, since ${shortSpanText(seconds)}`}`;
  }
  const { usedPercent, usedBytes, totalBytes, availableBytes, inodesUsedPercent } = measured.usage;
  const inodes = inodesUsedPercent === undefined ? '' : `, inodes ${inodesUsedPercent} %`;
  const full = fullInSeconds === undefined ? '' : `, full in ${shortSpanText(fullInSeconds)}`;
  const space = isByteCount(totalBytes)
    ? `: ${bytesText(usedBytes)} of ${bytesText(totalBytes)}, ${bytesText(availableBytes)} available`
    : '';
  return `${name} ${usedPercent} % used${space}${inodes}${full}`;
}

/** The contract's `disk` record. `translate` gives the words of this package's errors. */
export function diskRecord(reading: Reading, host: string, translate: Translate): InfraRecord {
  const { measured, state, container, nowMs, fullInSeconds } = reading;
  const { mount } = measured;
  const usage = 'usage' in measured ? measured.usage : undefined;
  return record(
    {
      log_type: 'disk',
      time: new Date(nowMs).toISOString(),
      host,
      level: LEVELS[state],
      message: describe(reading, translate),
      event_id: `disk-${host}-${mount.mount}-${nowMs}`,
    },
    possibleFigures({
      disk_device: mount.device || undefined,
      disk_mount: mount.mount,
      disk_fs_type: mount.fsType || undefined,
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
    }),
  );
}

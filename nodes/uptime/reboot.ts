import { spanText } from '../../lib/duration.ts';
import { isPlausibleTime } from '../../lib/plausible-time.ts';
import { type InfraRecord, record, Severity } from '../../lib/record.ts';

/** Which boot a sample belongs to. */
export interface Boot {
  /** The kernel's name for this boot; undefined where it gives none. */
  id: string | undefined;
  uptimeSeconds: number;
  /** When that was, ms since the epoch. */
  seenMs: number;
}

/** The boot in a state file; undefined where there is something else, or a time after `nowMs`. */
export function parseBoot(saved: unknown, nowMs: number): Boot | undefined {
  if (typeof saved !== 'object' || saved === null) return undefined;
  const { id, uptimeSeconds, seenMs } = saved as { [key in keyof Boot]?: unknown };
  if (id !== undefined && typeof id !== 'string') return undefined;
  if (typeof uptimeSeconds !== 'number' || !isPlausibleTime(uptimeSeconds * 1000, nowMs)) return undefined;
  if (!isPlausibleTime(seenMs, nowMs)) return undefined;
  return { id, uptimeSeconds, seenMs };
}

/** Whether the host was booted between two samples, however long ago the first one is. */
export function hasRebooted(before: Boot, after: Boot): boolean {
  if (before.id !== undefined && after.id !== undefined) return before.id !== after.id;
  return after.uptimeSeconds < before.uptimeSeconds;
}

/** The record of a reboot. Its time is that of the boot; its `event_id` is the same when a reboot is told twice. */
export function rebootRecord(before: Boot, after: Boot, host: string): InfraRecord {
  const bootMs = Math.round(after.seenMs - after.uptimeSeconds * 1000);
  const downSeconds = Math.max(0, Math.round((bootMs - before.seenMs) / 1000));
  return record(
    {
      log_type: 'uptime',
      time: new Date(bootMs).toISOString(),
      host,
      level: Severity.warning,
      message: `${host} was rebooted, after ${spanText(before.uptimeSeconds)} up; not seen for ${spanText(downSeconds)}`,
      event_id: `reboot-${host}-${after.id ?? Math.round(bootMs / 10_000)}`,
    },
    {
      event_action: 'reboot',
      uptime_seconds: Math.floor(after.uptimeSeconds),
      uptime_before_seconds: Math.floor(before.uptimeSeconds),
      host_down_seconds: downSeconds,
    },
  );
}

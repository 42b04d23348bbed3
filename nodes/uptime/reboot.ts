import { spanText } from '../../lib/duration.ts';
import { possibleFigures } from '../../lib/figure.ts';
import { isClockSet, isPlausibleTime } from '../../lib/plausible-time.ts';
import { type InfraRecord, record, Severity } from '../../lib/record.ts';

/** When a boot was seen. */
interface Sighting {
  uptimeSeconds: number;
  /** When that was, ms since the epoch. */
  seenMs: number;
}

/** Which boot a sample belongs to. */
export interface Boot extends Sighting {
  /** The kernel's name for this boot; undefined where it gives none. */
  id: string | undefined;
  /** The reboot that was told when this boot began. */
  reboot?: ToldReboot;
}

/** A reboot as it was told last. */
export interface ToldReboot {
  before: Sighting;
  /** When the host was booted, by the clock as it was then, ms since the epoch. */
  bootMs: number;
}

function parseSighting(saved: unknown, nowMs: number): Sighting | undefined {
  const { uptimeSeconds, seenMs } = (saved ?? {}) as { [key in keyof Sighting]?: unknown };
  if (typeof uptimeSeconds !== 'number' || !isPlausibleTime(uptimeSeconds * 1000, nowMs)) return undefined;
  return isPlausibleTime(seenMs, nowMs) ? { uptimeSeconds, seenMs } : undefined;
}

/** The boot in a state file; undefined where there is something else, or a time after `nowMs`. */
export function parseBoot(saved: unknown, nowMs: number): Boot | undefined {
  const { id, reboot } = (saved ?? {}) as { id?: unknown; reboot?: unknown };
  if (id !== undefined && typeof id !== 'string') return undefined;
  const seen = parseSighting(saved, nowMs);
  if (seen === undefined) return undefined;
  const { before, bootMs } = (reboot ?? {}) as { [key in keyof ToldReboot]?: unknown };
  const left = parseSighting(before, nowMs);
  if (left === undefined || typeof bootMs !== 'number' || !Number.isFinite(bootMs)) return { id, ...seen };
  return { id, ...seen, reboot: { before: left, bootMs } };
}

/** When the host was booted, by the clock of the sample, ms since the epoch. A clock that is set moves it. */
export function bootTimeMs({ seenMs, uptimeSeconds }: Sighting): number {
  return Math.round(seenMs - uptimeSeconds * 1000);
}

/** A clock that was set by less than this leaves the time of the boot as it was told, in ms. */
const JUMP_MS = 60_000;

/** Whether the clock was set since a reboot was told: a board without a battery begins with the hour of its last stop. */
export function isMistimed({ bootMs }: ToldReboot, now: Sighting): boolean {
  return Math.abs(bootTimeMs(now) - bootMs) > JUMP_MS;
}

/** Whether the host was booted between two samples, however long ago the first one is. */
export function hasRebooted(before: Boot, after: Boot): boolean {
  if (before.id !== undefined && after.id !== undefined) return before.id !== after.id;
  return after.uptimeSeconds < before.uptimeSeconds;
}

/** What the clocks of two samples may differ by where none was set, in ms. */
const ROUNDING_MS = 2000;

/**
 * How long nobody saw the host; undefined where the clock cannot have been right: it shows a boot before the last sample, or
 * it was never set then.
 */
function downSeconds(before: Sighting, bootMs: number): number | undefined {
  const downMs = bootMs - before.seenMs;
  if (downMs < -ROUNDING_MS || !isClockSet(before.seenMs)) return undefined;
  return Math.max(0, Math.round(downMs / 1000));
}

/**
 * The record of a reboot. Its time is that of the boot; its `event_id` is the same when a reboot is told twice.
 * `isCorrection`: it was told before with a clock that was wrong.
 */
export function rebootRecord(before: Sighting, after: Boot, host: string, isCorrection = false): InfraRecord {
  const bootMs = bootTimeMs(after);
  const time = new Date(Math.max(0, bootMs)).toISOString();
  const down = downSeconds(before, bootMs);
  const unseen = down === undefined ? '' : `; not seen for ${spanText(down)}`;
  const what = isCorrection ? `was rebooted at ${time}, as its clock is set now` : 'was rebooted';
  const id = `reboot-${host}-${after.id ?? Math.round(bootMs / 10_000)}`;
  return record(
    {
      log_type: 'uptime',
      time,
      host,
      level: isCorrection ? Severity.notice : Severity.warning,
      message: `${host} ${what}, after ${spanText(before.uptimeSeconds)} up${unseen}`,
      event_id: isCorrection ? `${id}-${Math.round(bootMs / JUMP_MS)}` : id,
    },
    possibleFigures({
      event_action: 'reboot',
      uptime_seconds: Math.floor(after.uptimeSeconds),
      uptime_before_seconds: Math.floor(before.uptimeSeconds),
      host_down_seconds: down,
    }),
  );
}

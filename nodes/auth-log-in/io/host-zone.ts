import { isWithoutZone, linkedZone, localtimeFile, writtenZone } from '../../../lib/io/host-zone.ts';
import type { Zone } from '../message/time-zone.ts';
import { parseZoneFile } from '../message/zone-file.ts';

/**
 * The zone of the host whose `/` is at `hostRoot`, also where only the file `/etc/localtime` itself tells it. Empty, for that of
 * the process, where it is this process' own `/`, or cannot be told. Never throws.
 */
export function zoneOfHost(hostRoot: string): Zone {
  if (hostRoot === '/') return '';
  const named = linkedZone(hostRoot);
  if (named !== undefined) return named;
  const zone = parseZoneFile(localtimeFile(hostRoot) ?? Buffer.alloc(0));
  return zone ?? writtenZone(hostRoot) ?? (isWithoutZone(hostRoot) ? 'UTC' : '');
}

import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isZone } from '../time-zone.ts';

/** No file of a zone is longer, in bytes. */
const MOST_BYTES = 1_000_000;

/**
 * The time zone of the monitored host (IANA name): that of its `/etc/localtime` or `/etc/timezone` below `hostRoot`, UTC where
 * the host has neither (localtime(5)); where that tells none, and where the host's `/` is our own, the zone of this process.
 */
export function hostZone(hostRoot: string): string {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (hostRoot === '/') return own;
  return linkedZone(hostRoot) ?? writtenZone(hostRoot) ?? (isWithoutZone(hostRoot) ? 'UTC' : own);
}

/** The zone that the host's `/etc/localtime` links to, such as `/usr/share/zoneinfo/Europe/Berlin`. Never throws. */
export function linkedZone(hostRoot: string): string | undefined {
  return zoneOr(/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(localtimeLink(hostRoot) ?? '')?.[1]);
}

/** The zone that the host's `/etc/timezone` names. Never throws. */
export function writtenZone(hostRoot: string): string | undefined {
  return zoneOr(read(join(hostRoot, 'etc/timezone'))?.toString().trim().split('\n')[0]);
}

/** Whether the host's clock is that of UTC: it has an `/etc`, and no zone in it. */
export function isWithoutZone(hostRoot: string): boolean {
  const isHost = existsSync(join(hostRoot, 'etc/passwd'));
  return isHost && localtimeLink(hostRoot) === undefined && !existsSync(join(hostRoot, 'etc/localtime'));
}

/** What stands in the host's `/etc/localtime`, or in the file of the host that it links to. Never throws. */
export function localtimeFile(hostRoot: string): Buffer | undefined {
  const link = localtimeLink(hostRoot) ?? 'localtime';
  // An absolute link is one of the host's.
  return read(isAbsolute(link) ? join(hostRoot, link) : join(hostRoot, 'etc', link));
}

function zoneOr(name: string | undefined): string | undefined {
  return name !== undefined && name !== '' && isZone(name) ? name : undefined;
}

function localtimeLink(hostRoot: string): string | undefined {
  try {
    return readlinkSync(join(hostRoot, 'etc/localtime'));
  } catch {
    return undefined;
  }
}

function read(path: string): Buffer | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= MOST_BYTES ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

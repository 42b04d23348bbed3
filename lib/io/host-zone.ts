import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isZone } from '../time-zone.ts';

/**
 * The time zone of the monitored host (IANA name): that of its `/etc/localtime` or `/etc/timezone` below `hostRoot`; where
 * that tells none, and where the host's `/` is our own, the zone of this process.
 */
export function hostZone(hostRoot: string): string {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (hostRoot === '/') return own;
  const names = [linkedName(join(hostRoot, 'etc/localtime')), writtenName(join(hostRoot, 'etc/timezone'))];
  return names.find((name) => name !== undefined && isZone(name)) ?? own;
}

/** The link leads to `/usr/share/zoneinfo/Europe/Berlin`. */
function linkedName(path: string): string | undefined {
  try {
    return /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined;
  }
}

function writtenName(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim().split('\n')[0];
  } catch {
    return undefined;
  }
}

import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isZone, type Zone } from '../message/time-zone.ts';
import { parseZoneFile } from '../message/zone-file.ts';

/** No file of a zone is longer, in bytes. */
const MOST_BYTES = 1_000_000;

/**
 * The zone of the host whose `/` is at `hostRoot`: that which `/etc/localtime` links to or has, else the one that
 * `/etc/timezone` names; UTC where a host has neither (localtime(5)). Empty, for that of the process, where it is this
 * process' own `/`, or cannot be told. Never throws.
 */
export function zoneOfHost(hostRoot: string): Zone {
  if (hostRoot === '/') return '';
  const etc = join(hostRoot, 'etc');
  const link = linkAt(join(etc, 'localtime'));
  const name = /zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(link ?? '')?.[1];
  if (name !== undefined && isZone(name)) return name;
  // An absolute link is one of the host's.
  const path = link === undefined ? join(etc, 'localtime') : isAbsolute(link) ? join(hostRoot, link) : join(etc, link);
  const zone = parseZoneFile(read(path) ?? Buffer.alloc(0));
  if (zone !== undefined) return zone;
  const named = read(join(etc, 'timezone'))?.toString().trim() ?? '';
  if (named !== '' && isZone(named)) return named;
  return link === undefined && existsSync(join(etc, 'passwd')) && !existsSync(join(etc, 'localtime')) ? 'UTC' : '';
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
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

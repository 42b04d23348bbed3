import type { KnownDisks } from './known-disks.ts';
import { isForbidden, isImage, type Measured } from './measured.ts';
import { type Mount, namedPaths } from './mounts.ts';

/**
 * What of the measured is worth a record, and which mounts are left out because the user of this process may not read them:
 * `df` leaves them out, too. A mount that was read before, or is included by its path, is not left out. Images are reported
 * only where they are asked for.
 */
export function reportable(
  measured: readonly Measured[],
  include: string,
  known: KnownDisks,
): { kept: Measured[]; leftOut: Mount[] } {
  const named = new Set(namedPaths(include));
  const kept: Measured[] = [];
  const leftOut: Mount[] = [];
  for (const one of measured) {
    const { mount, device } = one.mount;
    const isNamed = named.has(mount) || named.has(device);
    if (isForbidden(one) && !isNamed && !known.has(mount)) leftOut.push(one.mount);
    else if (include.trim() !== '' || !isImage(one)) kept.push(one);
  }
  return { kept, leftOut };
}

/** What the names of rotated files say: whose they are, and which is older. */

const PACKED = /\.(?:gz|xz|zst|bz2|lz4|Z)$/;
/** A number in a name with so many digits is a date. */
const DATE_DIGITS = 6;

/** A file that is still being packed under another name: the kubelet's. */
const UNFINISHED = /\.tmp$/;

/** Whether `name` is the log `base`, or what rotation made of it: `.1`, `_20261123`, `.1.gz`, `auth-20261123.log`. */
export function isRotationOf(name: string, base: string): boolean {
  if (UNFINISHED.test(name)) return name === base;
  const dot = base.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ''];
  if (name.startsWith(base))
    return name === base || /^[._-](?:\d[\w.:+-]*|old)$/.test(withoutPacking(name.slice(base.length)));
  // With logrotate's option `extension` the ending stays at the end.
  if (extension === '' || !name.startsWith(stem)) return false;
  const unpacked = withoutPacking(name);
  return unpacked.endsWith(extension) && /^[._-]\d[\w:+-]*$/.test(unpacked.slice(stem.length, -extension.length));
}

function withoutPacking(name: string): string {
  return name.replace(PACKED, '');
}

/** Whether the name is that of a compressed file. */
export function isPacked(name: string): boolean {
  return PACKED.test(name);
}

export interface RotatedName {
  name: string;
  modifiedNs: bigint;
}

/**
 * Sorts the oldest first: by the rotation number, which is higher in an older file, or by the date in the name. Files
 * whose names do not tell are sorted by their last change. That comes second because a compressed file has it in whole
 * seconds only.
 */
export function byAge(a: RotatedName, b: RotatedName): number {
  const byName = byRotation(a.name, b.name);
  if (byName !== 0) return byName;
  if (a.modifiedNs === b.modifiedNs) return 0;
  return a.modifiedNs < b.modifiedNs ? -1 : 1;
}

/** The same by the names alone. 0 where they do not tell. */
export function byRotation(a: string, b: string): number {
  const [mine, other] = [rotationNumber(a), rotationNumber(b)];
  const isDate = mine.length >= DATE_DIGITS;
  // The name that the others are made of is that of the newest.
  if (mine === '' && isRotationOf(b, a)) return a === b ? 0 : 1;
  if (other === '' && isRotationOf(a, b)) return a === b ? 0 : -1;
  if (mine === '' || other === '' || mine === other || isDate !== other.length >= DATE_DIGITS) return 0;
  if (!isDate) return Number(other) - Number(mine);
  return mine < other ? -1 : 1;
}

/** `2` of `auth.log.2.gz`, `20261123` of `auth-20261123.log`; empty where there is none. */
function rotationNumber(name: string): string {
  return /[._-](\d[\d_T:+-]*)(?:\.[A-Za-z]\w*)*$/.exec(name)?.[1] ?? '';
}

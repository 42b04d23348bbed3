/** What statfs(2) tells of a filesystem, and the figures that `df` makes of it. */

/** Counts of blocks and inodes, as statfs(2) names them. */
export interface StatFs {
  /** Bytes a block. */
  bsize: number;
  blocks: number;
  /** Free blocks, those reserved for root among them. */
  bfree: number;
  /** Free blocks for everybody else. */
  bavail: number;
  files: number;
  ffree: number;
}

export interface Usage {
  totalBytes: number;
  usedBytes: number;
  availableBytes: number;
  /** Percent of what is not reserved for root, rounded up to a tenth. */
  usedPercent: number;
  /** Rounded up to a tenth; undefined where the filesystem has no fixed number of inodes, or counts them wrong. */
  inodesUsedPercent: number | undefined;
}

/** `df` rounds its Use% up to the next percent; up to the next tenth says the same and moves more finely. */
function percentUp(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.ceil((part * 1000) / whole) / 10;
}

/**
 * The figures of `df`. Used is total less *all* free blocks, available leaves out root's reserve, and Use% is of used +
 * available: a filesystem is at 100 % when nobody but root can write, as the people who are paged for it see it.
 */
export function usageOf({ bsize, blocks, bfree, bavail, files, ffree }: StatFs): Usage {
  const used = Math.max(0, blocks - bfree);
  // A kernel writes "less than nothing is left" as a negative number that arrives here as a huge unsigned one.
  const available = bavail < 0 || bavail > blocks ? 0 : bavail;
  return {
    totalBytes: blocks * bsize,
    usedBytes: used * bsize,
    availableBytes: available * bsize,
    usedPercent: percentUp(used, used + available),
    inodesUsedPercent: files > 0 && ffree >= 0 && ffree <= files ? percentUp(files - ffree, files) : undefined,
  };
}

/** Reads `stat -f -c '%S %b %f %a %c %d'`; undefined where it is something else. */
export function parseStat(text: string): StatFs | undefined {
  const numbers = text.trim().split(' ').map(Number);
  const [bsize, blocks, bfree, bavail, files, ffree] = numbers;
  if (numbers.length !== 6 || numbers.some((number) => !Number.isFinite(number))) return undefined;
  return { bsize, blocks, bfree, bavail, files, ffree } as StatFs;
}

/** Bytes for people, in powers of 1024 as `df -h` has them: "12.3G". */
export function bytesText(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T', 'P'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)}${units[unit]}`;
}

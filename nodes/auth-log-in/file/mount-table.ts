/** What `/proc/self/mountinfo` (proc(5)) says of a file that is mounted by itself. */
export interface MountedFile {
  /** The path of the file in its own file system, as it is now: a rename there changes it. */
  readonly source: string;
  /** The file has no name there any more. */
  readonly isDeleted: boolean;
}

const DELETED = '//deleted';

/** The mount at exactly one of `paths`, the newest of them; undefined where there is none. */
export function findMountAt(mountInfo: string, paths: readonly string[]): MountedFile | undefined {
  let found: MountedFile | undefined;
  for (const line of mountInfo.split('\n')) {
    const [, , , source, point] = line.split(' ');
    if (source === undefined || point === undefined || !paths.includes(plain(point))) continue;
    const isDeleted = source.endsWith(DELETED);
    found = { source: plain(isDeleted ? source.slice(0, -DELETED.length) : source), isDeleted };
  }
  return found;
}

/** The kernel writes blanks, tabs, newlines and backslashes as three octal digits. */
function plain(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

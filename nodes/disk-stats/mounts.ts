/** Which mounts there are and which of them are worth a record. */

import { globMatcher } from '../../lib/glob.ts';

export interface Mount {
  /** As the kernel names it: `/dev/vda1`, `server:/export`, `overlay`. */
  device: string;
  /** The mount point as the monitored host sees it. */
  mount: string;
  fsType: string;
  /** `major:minor`; mounts with the same one show the same filesystem. */
  deviceId: string;
  /** The folder of the filesystem that is mounted: `/` except for bind mounts and subvolumes. */
  root: string;
  /** Nobody can write to the filesystem itself, whatever this mount of it allows. */
  isReadOnly?: true;
}

/** Filesystems that hold no data of their own. */
const PSEUDO = new Set(
  (
    'autofs bdev binder binfmt_misc bpf cgroup cgroup2 configfs cpuset debugfs devfs devpts devtmpfs dlmfs efivarfs ' +
    'fuse.gvfsd-fuse fuse.lxcfs fuse.portal fusectl hugetlbfs mqueue nsfs none pipefs proc pstore ramfs resctrl rootfs ' +
    'rpc_pipefs securityfs selinuxfs smackfs sockfs swap sysfs tmpfs tracefs'
  ).split(' '),
);

/** Images and media, which are always full by their nature. What a program mounts need not say that it is read-only. */
const IMAGES =
  /^(cramfs|erofs|iso9660|romfs|squashfs|udf|fuse\.(archivemount|erofs|erofsfuse|fuseiso|mount-zip|snapfuse|squashfuse(_ll)?|.*AppImage))$/i;

/** Whether a mount is of a type that nobody can write to. */
export function isImageType({ fsType }: Pick<Mount, 'fsType'>): boolean {
  return IMAGES.test(fsType);
}

/** The kernel writes blank, tab, newline and backslash in a path as octal escapes. */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * The mounts in the text of `/proc/<pid>/mountinfo` (proc_pid_mountinfo(5)). Where several lie on the same mount point
 * only the last is visible, and only that one is returned.
 */
export function parseMountinfo(text: string): Mount[] {
  const visible = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    // 36 35 98:0 /root /mount options optional… - type device superoptions
    const [left, right] = line.split(' - ');
    const [, , deviceId, root, mount] = left?.split(' ') ?? [];
    const [fsType, device, options = ''] = right?.split(' ') ?? [];
    if (!deviceId || !root || !mount || !fsType || device === undefined) continue;
    const point = unescapePath(mount);
    visible.delete(point);
    const found: Mount = { device: unescapePath(device), mount: point, fsType, deviceId, root: unescapePath(root) };
    // The options of the filesystem, not of the mount: a container has a read-only mount of a disk that others write to.
    if (/(^|,)ro(,|$)/.test(options)) found.isReadOnly = true;
    visible.set(point, found);
  }
  return [...visible.values()];
}

/** The mounts beneath `hostRoot`, with the paths that the host itself gives them. */
export function underRoot(mounts: readonly Mount[], hostRoot: string): Mount[] {
  const prefix = hostRoot.replace(/\/+$/, '');
  if (prefix === '') return [...mounts];
  return mounts
    .filter(({ mount }) => mount === prefix || mount.startsWith(`${prefix}/`))
    .map((mount) => ({ ...mount, mount: mount.mount.slice(prefix.length) || '/' }));
}

function entriesOf(list: string): string[] {
  const entries = list.split(/[,\n]/).map((entry) => entry.trim().replace(/(.)\/+$/, '$1'));
  return entries.filter((entry) => entry !== '');
}

/** The paths in a list: what is asked for by name and not by a pattern. */
export function namedPaths(list: string): string[] {
  return entriesOf(list).filter((entry) => entry.startsWith('/') && !/[*?]/.test(entry));
}

/** A test for a list like `/data*, ext4, /dev/sd?`; undefined for a list without an entry. */
function matcher(list: string): ((mount: Matched) => boolean) | undefined {
  const patterns = entriesOf(list);
  if (patterns.length === 0) return undefined;
  const matches = globMatcher(patterns, true);
  return ({ mount, device, fsType }) => matches(mount) || matches(device) || matches(fsType);
}

/** What the lists of a node are compared with. */
type Matched = Pick<Mount, 'mount' | 'device' | 'fsType'>;

/** A test whether a mount is one that the lists of a node ask for; `chooseMounts` tells what the lists are. */
export function wantedBy(include: string, exclude: string): (mount: Matched) => boolean {
  const wanted = matcher(include) ?? ((mount: Matched) => !PSEUDO.has(mount.fsType) && !isImageType(mount));
  const unwanted = matcher(exclude) ?? (() => false);
  return (mount) => wanted(mount) && !unwanted(mount);
}

/** Which of two mounts of one filesystem stands for it: the host's root, else the whole of it, else the shorter path. */
function preferred(a: Mount, b: Mount): Mount {
  const rank = ({ mount, root }: Mount): number => (mount === '/' ? 0 : root === '/' ? 1 : 2);
  if (rank(a) !== rank(b)) return rank(a) < rank(b) ? a : b;
  return b.mount.length < a.mount.length ? b : a;
}

/**
 * The mounts to report: those in `include`, or without one all that are not pseudo filesystems; each filesystem once,
 * however often it is bind-mounted; then without those in `exclude`. Both are lists of mount points, devices and
 * filesystem types, separated by commas or lines, in which `*` and `?` stand for any text and any character.
 */
export function chooseMounts(mounts: readonly Mount[], include = '', exclude = ''): Mount[] {
  const wanted = matcher(include) ?? ((mount: Mount) => !PSEUDO.has(mount.fsType) && !isImageType(mount));
  const unwanted = matcher(exclude) ?? (() => false);
  const once = new Map<string, Mount>();
  for (const mount of mounts.filter(wanted)) {
    const known = once.get(mount.deviceId);
    once.set(mount.deviceId, known === undefined ? mount : preferred(known, mount));
  }
  return [...once.values()].filter((mount) => !unwanted(mount));
}

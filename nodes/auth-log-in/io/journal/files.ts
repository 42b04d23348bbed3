import type { Dirent } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../../../../lib/errors.ts';
import { HEADER_BYTES, type JournalFile, parseFileHeader } from '../../journal/file-header.ts';

/** Where journald writes, under the host's `/`: on disk, and in memory. */
export const JOURNAL_FOLDERS = ['var/log/journal', 'run/log/journal'];

const MACHINE_ID = /^[0-9a-f]{32}$/;
/** An id of D-Bus is that of systemd on hosts that have both. */
const ID_FILES = ['etc/machine-id', 'var/lib/dbus/machine-id'];
/** journald adds `~` to the name of a file that a crash left damaged. */
const JOURNAL_FILE = /\.journal~?$/;
/** The journal of the system, as it is written, and as it is after a rotation. */
const SYSTEM_FILE = /^system(?:@.*)?\.journal~?$/;

/** Where a host's journal lies. journalctl looks for it only when it starts. */
export interface JournalFolders {
  /** The id of the host, where its entries have to be told from those of other machines. */
  readonly machineId: string | undefined;
  /** The folders that are there, with what is in them. */
  readonly folders: ReadonlyMap<string, readonly Dirent[]>;
}

/** The files of a host's journal. */
export interface JournalFiles extends JournalFolders {
  /** Whether journald has not made any file yet. */
  readonly isEmpty: boolean;
  readonly files: readonly JournalFile[];
  /** The group that may read the system's journal, where this process may not: its name or number. */
  readonly deniedTo: string | undefined;
}

/** Finds the journal of the host whose `/` is at `hostRoot`. Never rejects: what cannot be read is left out. */
export async function findJournalFolders(hostRoot: string): Promise<JournalFolders> {
  const folders = new Map<string, readonly Dirent[]>();
  for (const base of JOURNAL_FOLDERS.map((folder) => join(hostRoot, folder))) {
    const entries = await list(base);
    if (entries !== undefined) folders.set(base, entries);
  }
  const names = [...folders.values()].flatMap((entries) => entries.map(({ name }) => name));
  return { folders, machineId: chooseMachine(hostRoot, await readMachineId(hostRoot), names) };
}

/** Whether journalctl would read the same folders. */
export function isSamePlace(one: JournalFolders, other: JournalFolders): boolean {
  const keys = [...one.folders.keys()];
  return one.machineId === other.machineId && keys.join() === [...other.folders.keys()].join();
}

/** Looks at the files of the journal, too. */
export async function findJournalFiles(hostRoot: string): Promise<JournalFiles> {
  const found = await findJournalFolders(hostRoot);
  const { machineId } = found;
  const paths: string[] = [];
  for (const [base, entries] of found.folders) {
    paths.push(...journals(base, entries));
    const machines = entries.filter(({ name }) =>
      machineId === undefined ? MACHINE_ID.test(name) : name === machineId,
    );
    for (const { name } of machines) paths.push(...journals(join(base, name), (await list(join(base, name))) ?? []));
  }
  return { ...found, ...(await readHeaders(hostRoot, paths)), isEmpty: paths.length === 0 };
}

/** The id of the host; undefined where nothing tells it. */
async function readMachineId(hostRoot: string): Promise<string | undefined> {
  for (const file of ID_FILES) {
    const id = (await readFile(join(hostRoot, file), 'utf8').catch(() => '')).trim();
    if (MACHINE_ID.test(id)) return id;
  }
  return undefined;
}

/**
 * The id that tells this host's entries from others', which may lie beside them: those of its guests, or collected ones.
 * A container without `HOST_ROOT` has an id of its own while it reads the journal of its host.
 */
function chooseMachine(hostRoot: string, id: string | undefined, names: readonly string[]): string | undefined {
  if (id === undefined || names.includes(id)) return id;
  const hasFiles = names.some((name) => JOURNAL_FILE.test(name));
  return hostRoot === '/' || hasFiles || !names.some((name) => MACHINE_ID.test(name)) ? undefined : id;
}

async function readHeaders(
  hostRoot: string,
  paths: readonly string[],
): Promise<Pick<JournalFiles, 'files' | 'deniedTo'>> {
  const files: JournalFile[] = [];
  let denied: string | undefined;
  for (const path of paths) {
    try {
      const file = parseFileHeader(basename(path), await readHeader(path));
      if (file !== undefined) files.push(file);
    } catch (error) {
      if (isDenied(error) && SYSTEM_FILE.test(basename(path))) denied = path;
    }
  }
  return { files, deniedTo: denied === undefined ? undefined : await groupOf(hostRoot, denied) };
}

async function readHeader(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The name of the group of a file, as the host has it; its number where the host does not say. */
async function groupOf(hostRoot: string, path: string): Promise<string> {
  const groupId = await stat(path).then(
    ({ gid }) => String(gid),
    () => '',
  );
  const groups = await readFile(join(hostRoot, 'etc/group'), 'utf8').catch(() => '');
  const line = groups.split('\n').find((one) => one.split(':')[2] === groupId);
  return line?.split(':')[0] || groupId;
}

function journals(folder: string, entries: readonly Dirent[]): string[] {
  const files = entries.filter((entry) => JOURNAL_FILE.test(entry.name) && !entry.isFIFO());
  return files.map(({ name }) => join(folder, name));
}

function list(folder: string): Promise<Dirent[] | undefined> {
  return readdir(folder, { withFileTypes: true }).catch(() => undefined);
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
}

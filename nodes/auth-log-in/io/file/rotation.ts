import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../../../lib/errors.ts';
import {
  byAge,
  type DoneFile,
  type FilePosition,
  HEAD_BYTES,
  isKnown,
  isKnownToEnd,
  type Position,
  SHORT_HEAD,
} from '../../file/identity.ts';
import { OpenLog } from './open-log.ts';
import { closeAll, folders, headCrc, type Opened, openMember, rotatedFiles } from './rotated-files.ts';

/** The files between where reading stopped and the file that is at the path now. */
export interface Chain {
  /** Oldest first, each at the position to go on from. */
  files: OpenLog[];
  done: DoneFile[];
  /** The file that was read last is nowhere to be found. */
  isLost: boolean;
}

export function held(member: Opened, nowMs: number, complete: boolean = member.packed): OpenLog {
  const { handle, device, inode, modifiedNs } = member;
  return new OpenLog(handle, { device, inode, complete, modifiedNs }, nowMs);
}

/** Times of change are as coarse as the kernel's clock ticks, or the file system's. */
const CLOCK_STEP_MS = 2000;
const FRESH_MS = 50;

/** A file that was rotated unseen was changed after the last one held was; what is older was put there by somebody. */
function changedSince(files: OpenLog[]): number {
  return Math.min(...files.map(({ modifiedMs }) => modifiedMs)) - CLOCK_STEP_MS;
}

/** When the folders were last changed in which rotation puts its files; undefined while that is too fresh to compare. */
export async function folderChange(path: string, nowMs: number): Promise<string | undefined> {
  const stats = await Promise.all((await folders(path)).map((one) => stat(dirname(one), { bigint: true })));
  const newest = Math.max(...stats.map(({ mtimeMs }) => Number(mtimeMs)));
  return nowMs - newest < FRESH_MS ? undefined : stats.map(({ mtimeNs }) => mtimeNs).join(' ');
}

async function isOneOf(known: DoneFile[], member: Opened): Promise<boolean> {
  for (const one of known) {
    if (isKnownToEnd(one, member.inode, await headCrc(member.handle, one.head.length), member.size)) return true;
  }
  return false;
}

/** A copy of a held file has another inode and its first bytes: those read, or those it has now. */
async function headsOf({ inode, fingerprint, handle }: OpenLog): Promise<DoneFile[]> {
  const { size } = await handle.stat();
  return [{ inode, head: fingerprint }, await asDone({ inode, handle, size })];
}

async function asDone(member: Pick<Opened, 'inode' | 'handle' | 'size'>): Promise<DoneFile> {
  const length = Math.min(HEAD_BYTES, member.size);
  return { inode: member.inode, head: { length, crc: (await headCrc(member.handle, length)) ?? 0 } };
}

/** What rotation left before the follower was there: nobody asked for it, and it must not be taken for new later. */
export async function alreadyRotated(path: string): Promise<DoneFile[]> {
  const members = await rotatedFiles(path);
  const done = await Promise.all(members.map(asDone));
  await closeAll(members);
  return done;
}

/** Files that were rotated away unseen, each at 0, the oldest first: those older than the last held one, and the others. */
export interface Unseen {
  before: OpenLog[];
  after: OpenLog[];
}

/**
 * Finds what was rotated away unseen: several rotations are possible between two looks. `opened` are files that were
 * opened and are not among the held ones yet, because they are newer than all of this.
 */
export async function rotatedSince(
  path: string,
  files: OpenLog[],
  done: DoneFile[],
  nowMs: number,
  opened: OpenLog[] = [],
): Promise<Unseen> {
  const unseen: Unseen = { before: [], after: [] };
  const last = files.at(-1);
  if (last === undefined) return unseen;
  const heads = await Promise.all(files.map(headsOf));
  const known = [...done, ...heads.flat(), ...(await Promise.all(opened.map(headsOf))).flat()];
  const holding = [...files, ...opened];
  const since = changedSince(files);
  // Under which name the last one is now says which files are older where the times of change are the same.
  const now = await stat(path, { bigint: true }).catch(() => undefined);
  const isThere = String(now?.ino) === last.inode && String(now?.dev) === last.device;
  await last.look(nowMs);
  let place = { name: '', modifiedNs: last.modifiedNs };
  const found: Opened[] = [];
  for (const member of await rotatedFiles(path, since)) {
    const isHeld = holding.some(({ inode, device }) => inode === member.inode && device === member.device);
    const isLast = member.inode === last.inode || (await isOneOf(heads.at(-1) ?? [], member));
    if (isLast) place = { ...place, name: member.name };
    const isOld = Number(member.modifiedNs / 1_000_000n) < since;
    if (isHeld || isOld || (await isOneOf(known, member))) await member.handle.close();
    else found.push(member);
  }
  for (const member of found) {
    // Beside a file that is still at the path there can only be copies of what it was.
    const isBefore = isThere || byAge(member, place) < 0;
    (isBefore ? unseen.before : unseen.after).push(held(member, nowMs));
  }
  return unseen;
}

/**
 * A file was cut after a copy of it was made (copytruncate). Finds the copy, at the position reached, and what was
 * rotated after it; empty where there is no copy. Lines written between the copying and the cut are in neither.
 */
export async function copiesOf(
  path: string,
  cut: OpenLog,
  files: OpenLog[],
  done: DoneFile[],
  nowMs: number,
): Promise<OpenLog[]> {
  let copy: Opened | undefined;
  const members = await rotatedFiles(path, cut.grownMs - CLOCK_STEP_MS);
  for (const member of members) {
    const isHeld = files.some(({ inode, device }) => inode === member.inode && device === member.device);
    if (!isHeld && member.size >= (copy?.size ?? 0) && (await cut.isContinuedBy(member.handle, member.size)))
      copy = member;
  }
  await closeAll(members.filter((member) => member !== copy));
  if (copy === undefined) return [];
  const rest = held(copy, nowMs, true);
  await rest.seek(cut.position);
  // The cut file has the newest lines: whatever else there is comes before it.
  const { before, after } = await rotatedSince(path, [...files, rest], done, nowMs);
  return [...before, rest, ...after];
}

/** A file that is there but cannot be read must be waited for: without it nobody can say what of it was read. */
function absent(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
  return undefined;
}

/** Finds the files of a checkpoint again by identity, under whatever name they have now. Rejects while the log cannot be read. */
export async function resume(path: string, saved: Position, nowMs: number): Promise<Chain> {
  const oldest = Math.min(...saved.files.map(({ modifiedMs }) => modifiedMs));
  const current = await openMember(path).catch(absent);
  const rotated = await rotatedFiles(path, oldest - CLOCK_STEP_MS);
  const members = current === undefined ? rotated : [...rotated, current];
  const chain: Chain = { files: [], done: saved.done, isLost: false };
  const newer: OpenLog[] = [];
  const used = new Set<Opened>();
  let last: Opened | undefined;

  for (const entry of saved.files) {
    const home = await homeOf(
      entry,
      members.filter((member) => !used.has(member)),
    );
    if (home !== undefined) {
      used.add(home);
      chain.files.push(await reopened(entry, home, current, nowMs));
    }
    last = home;
  }
  const entry = saved.files.at(-1);
  chain.isLost = last === undefined && entry !== undefined && entry.head.length >= SHORT_HEAD;
  const older: OpenLog[] = [];
  for (const member of rotated) {
    if (used.has(member)) continue;
    const isAfter = last === undefined || (last !== current && byAge(member, last) > 0);
    const isRecent = Number(member.modifiedNs / 1_000_000n) >= (entry?.modifiedMs ?? 0) - CLOCK_STEP_MS;
    // A file of which next to nothing was read may have been copied and cut since, and then looks the same as before.
    const mayBeCut = (entry?.head.length ?? 0) < SHORT_HEAD;
    const isWanted = isRecent && (isAfter || mayBeCut) && !(await isOneOf(saved.done, member));
    if (isWanted) {
      used.add(member);
      (isAfter ? newer : older).push(held(member, nowMs));
    } else if (!member.packed) {
      chain.done = [...chain.done, await asDone(member)];
    }
  }
  await closeAll(members.filter((member) => !used.has(member)));
  chain.files.splice(last === undefined ? chain.files.length : -1, 0, ...older);
  chain.files.push(...newer);
  return chain;
}

/** The file of an entry: that with its inode, else the one with its first bytes that is as long as was read. */
async function homeOf(entry: FilePosition, members: Opened[]): Promise<Opened | undefined> {
  let copy: Opened | undefined;
  for (const member of members) {
    const crc = await headCrc(member.handle, entry.head.length);
    if (!isKnown(entry, member.inode, crc)) continue;
    if (member.inode === entry.inode) return member;
    if (member.size >= entry.position && member.size >= (copy?.size ?? 0)) copy = member;
  }
  return copy;
}

async function reopened(
  entry: FilePosition,
  home: Opened,
  current: Opened | undefined,
  nowMs: number,
): Promise<OpenLog> {
  const isCopy = home !== current && home.inode !== entry.inode;
  const file = held(home, nowMs, isCopy || home.packed);
  // What is left of a file that was cut is read again, because nobody knows where in it new lines begin.
  await file.seek(home.size >= entry.position ? entry.position : 0);
  return file;
}

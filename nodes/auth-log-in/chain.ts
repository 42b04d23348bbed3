import { closeAll, headCrc, type Opened, openMember, rotatedFiles } from './family.ts';
import { HeldFile } from './held-file.ts';
import { byAge, type DoneFile, type FilePosition, HEAD_BYTES, isKnown, type Position } from './identity.ts';

/** The files between where reading stopped and the file that is at the path now. */
export interface Chain {
  /** Oldest first, each at the position to go on from. */
  files: HeldFile[];
  done: DoneFile[];
  /** The file that was read last is nowhere to be found. */
  isLost: boolean;
}

export function held(member: Opened, nowMs: number, origin?: string, complete?: boolean): HeldFile {
  const { handle, device, inode, modifiedNs, packed } = member;
  const modifiedMs = Number(modifiedNs / 1_000_000n);
  return new HeldFile(handle, { device, inode, origin, complete: complete ?? packed, modifiedMs }, nowMs);
}

async function isOneOf(known: DoneFile[], member: Opened): Promise<boolean> {
  for (const one of known) {
    if (isKnown(one, member.inode, await headCrc(member.handle, one.head.length))) return true;
  }
  return false;
}

async function asDone(member: Opened): Promise<DoneFile> {
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

/** Files that were rotated away unseen, several rotations being possible between two looks; the oldest first, at 0. */
export async function rotatedSince(
  path: string,
  files: HeldFile[],
  done: DoneFile[],
  nowMs: number,
): Promise<HeldFile[]> {
  const found: HeldFile[] = [];
  // A copy of a held file has another inode and the same first bytes.
  const known = [...done, ...files.map(({ inode, fingerprint }) => ({ inode, head: fingerprint }))];
  for (const member of await rotatedFiles(path)) {
    const isHeld = files.some(({ inode, device }) => inode === member.inode && device === member.device);
    if (isHeld || (await isOneOf(known, member))) await member.handle.close();
    else found.push(held(member, nowMs));
  }
  return found;
}

/**
 * A file was cut after a copy of it was made (copytruncate). Finds the copy, at the position reached, and what was
 * rotated after it; empty where there is no copy. Lines written between the copying and the cut are in neither.
 */
export async function copiesOf(
  path: string,
  cut: HeldFile,
  files: HeldFile[],
  done: DoneFile[],
  nowMs: number,
): Promise<HeldFile[]> {
  let copy: Opened | undefined;
  const members = await rotatedFiles(path);
  for (const member of members) {
    const isHeld = files.some(({ inode, device }) => inode === member.inode && device === member.device);
    if (!isHeld && member.size >= (copy?.size ?? 0) && (await cut.isContinuedBy(member.handle, member.size)))
      copy = member;
  }
  await closeAll(members.filter((member) => member !== copy));
  if (copy === undefined) return [];
  const rest = held(copy, nowMs, cut.origin, true);
  await rest.seek(cut.position);
  return [rest, ...(await rotatedSince(path, [...files, rest], done, nowMs))];
}

/** Finds the files of a checkpoint again by identity, under whatever name they have now. */
export async function resume(path: string, saved: Position, nowMs: number): Promise<Chain> {
  const oldest = Math.min(...saved.files.map(({ modifiedMs }) => modifiedMs));
  const rotated = await rotatedFiles(path, oldest - 1000);
  const current = await openMember(path).catch(() => undefined);
  const members = current === undefined ? rotated : [...rotated, current];
  const chain: Chain = { files: [], done: saved.done, isLost: false };
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
  chain.isLost = last === undefined && saved.files.length > 0;
  const since = saved.files.at(-1)?.modifiedMs ?? nowMs;
  for (const member of rotated) {
    if (used.has(member)) continue;
    const isNewer =
      last === undefined
        ? Number(member.modifiedNs / 1_000_000n) >= since
        : last !== current && byAge(member, last) > 0;
    if (isNewer && !(await isOneOf(saved.done, member))) {
      used.add(member);
      chain.files.push(held(member, nowMs));
    } else if (!member.packed) {
      chain.done = [...chain.done, await asDone(member)];
    }
  }
  await closeAll(members.filter((member) => !used.has(member)));
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
): Promise<HeldFile> {
  const isCopy = home !== current && home.inode !== entry.inode;
  const file = held(home, nowMs, entry.origin, isCopy || home.packed);
  if (home.size < entry.position) await file.seekLineStart(home.size);
  else await file.seek(entry.position);
  return file;
}

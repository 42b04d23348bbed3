import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';

/**
 * Throws a sentence where this user cannot write in `userDir`: what a service or a container meets whose folder belongs to
 * somebody else. `uidMap` is the text of `/proc/self/uid_map`.
 */
export function checkUserDir(userDir, { uid = process.getuid?.(), uidMap = readUidMap() } = {}) {
  try {
    mkdirSync(userDir, { recursive: true });
    accessSync(userDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (uid === undefined || (error.code !== 'EACCES' && error.code !== 'EPERM')) {
      throw new Error(`Nothing can be kept in ${userDir}: ${error.message}`);
    }
    const outside = outerUid(uid, uidMap);
    const seen = outside === uid ? '' : `, ${outside} outside of this container`;
    throw new Error(
      `Nothing can be kept in ${userDir}: it is closed to the user ${uid}${seen}. Give it to that user: chown -R ${outside} <the folder that is mounted at ${userDir}>`,
    );
  }
}

/** The number that a user of this user namespace has outside of it. */
export function outerUid(uid, uidMap) {
  for (const line of uidMap.split('\n')) {
    const [inside, outside, count] = line.trim().split(/\s+/).map(Number);
    if (uid >= inside && uid < inside + count) return outside + uid - inside;
  }
  return uid;
}

function readUidMap() {
  try {
    return readFileSync('/proc/self/uid_map', 'utf8');
  } catch {
    return '';
  }
}

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 20;
/** What is about to end by itself gets so long. */
const MOMENT_MS = 500;
/** What is told to end gets so long. */
const GRACE_MS = 5_000;
const KILL_MS = 1_000;
const LONGEST_COMMAND = 120;
const hasProc = existsSync('/proc/self/stat');

/**
 * Ends what a test file has left running: its process group and session, and whoever has its folder for temporary files and
 * has gone into a group of its own, as an engine does. Gives their commands. With `isHurried` nobody gets a moment first.
 */
export async function endProcesses(leader, folder, { isHurried = false, graceMs = GRACE_MS } = {}) {
  const found = () => processesOf(leader, folder);
  if (!isHurried && (await areGone(found, MOMENT_MS))) return [];
  const left = found();
  if (left.length === 0) return [];
  signalAll(left, 'SIGTERM');
  if (!(await areGone(found, graceMs))) {
    signalAll(found(), 'SIGKILL');
    await areGone(found, KILL_MS);
  }
  return left.map(({ name }) => name);
}

/**
 * Removes the folder for temporary files of a test file that has ended, with all in it. What is mounted there is unmounted
 * first: it may be a folder of this machine. Gives why the folder stays, if it does.
 */
export function removeFolder(folder) {
  for (const place of mountsIn(folder).reverse()) {
    try {
      execFileSync('umount', ['-l', place], { stdio: 'ignore' });
    } catch {
      // It is found again below.
    }
  }
  const [mounted] = mountsIn(folder);
  if (mounted !== undefined) return `${mounted} is mounted`;
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  } catch (error) {
    return error.message;
  }
}

async function areGone(found, withinMs) {
  for (const endMs = performance.now() + withinMs; found().length > 0; ) {
    if (performance.now() > endMs) return false;
    await delay(LOOK_MS);
  }
  return true;
}

/** Each of them hears it once: a second time would end who is about to stop in good order. */
function signalAll(processes, signal) {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile, or is another user's.
    }
  }
}

function processesOf(leader, folder) {
  if (!hasProc) return isGroup(leader) ? [{ pid: -leader, name: 'a process group' }] : [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const { name, state, group, session } = statOf(pid);
      // Who has ended and was not asked for stays in its group, where nobody asks any more.
      if (state === 'Z' || state === 'X') return [];
      const isOurs = group === leader || session === leader || hasFolder(pid, folder);
      return isOurs ? [{ pid: Number(pid), name: commandOf(pid) || name }] : [];
    } catch {
      return [];
    }
  });
}

function isGroup(leader) {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}

/** By proc(5): the name, which may hold anything, stands between the first bracket and the last one. */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const end = text.lastIndexOf(')');
  const [state, , group, session] = text.slice(end + 2).split(' ');
  return { name: text.slice(text.indexOf('(') + 1, end), state, group: Number(group), session: Number(session) };
}

function commandOf(pid) {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return words.join(' ').trim().slice(0, LONGEST_COMMAND);
}

function hasFolder(pid, folder) {
  return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`TMPDIR=${folder}`);
}

/** What is mounted in a folder, the outer places first. A blank and the like stand as `\040` in that table. */
function mountsIn(folder) {
  if (!hasProc) return [];
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const places = lines.map((line) =>
    (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8))),
  );
  return places.filter((place) => place.startsWith(`${folder}/`) || place === folder);
}

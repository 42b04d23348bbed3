import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../../lib/errors.ts';

/**
 * Takes a file for this process alone. Gives a function that leaves it; undefined where another process that is alive has it, or
 * where nothing can be written. A process is told by its id and its start: ids come again.
 */
export function lockFor(path: string): (() => void) | undefined {
  const own = `${process.pid} ${startOf(process.pid)}`;
  for (let turn = 0; turn < 2; turn += 1) {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || isHeld(path, own)) return undefined;
      rmSync(path, { force: true });
    }
  }
  return undefined;
}

/** One of this very process is not held by another: the plugin was loaded again. */
function isHeld(path: string, own: string): boolean {
  try {
    const text = readFileSync(path, 'utf8');
    const [, pid, start] = /^(\d+) (\S+)$/.exec(text) ?? [];
    if (pid === undefined || text === own) return false;
    return startOf(Number(pid)) === start && isAlive(Number(pid));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** When a process started, as the kernel counts; `-` where that is not known. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}

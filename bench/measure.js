import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export { node, root } from '../scripts/prepare/clone.js';

/** Linux counts the time of a process in hundredths of a second, whatever the kernel's own clock does. */
const TICKS_PER_SECOND = 100;

/** CPU seconds (user and system) and peak memory in MB of a process so far. Linux only. */
export function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peakMb: kilobytes('VmHWM') / 1024,
    residentMb: kilobytes('VmRSS') / 1024,
  };
}

/** CPU seconds of a process so far, with those of its children that have ended. Linux only. */
export function treeCpu(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

/** Starts a program of the bench; `line(pattern)` resolves with the first match in what it writes. Ends with this process. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let text = '';
  const waiting = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text += data;
      for (const look of waiting) look();
    });
  }
  const line = (pattern, deadlineMs = 300_000) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${pattern} in: ${text.slice(-2000)}`)), deadlineMs);
      const look = () => {
        const found = pattern.exec(text);
        if (found === null) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  };
  return { pid: child.pid, child, line, stop, log: () => text };
}

export function number(value, digits = 0) {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

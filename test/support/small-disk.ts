import { execFileSync } from 'node:child_process';
import { temporaryFolder } from './folder.ts';

const mounted: string[] = [];
// Before the folders go: one in which something is mounted cannot be removed.
process.prependOnceListener('exit', () => {
  for (const path of mounted) execFileSync('umount', ['-l', path], { stdio: 'ignore' });
});

/** Whether this process may mount a filesystem. */
export function canMount(): boolean {
  const path = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
    execFileSync('umount', [path]);
    return true;
  } catch {
    return false;
  }
}

/** A filesystem of its own that a test can fill, in `path`, until the test process ends. `size` as `mount` has it: `700k`. */
export function mountSmallDisk(size: string, path = temporaryFolder()): string {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]);
  mounted.push(path);
  return path;
}

/** Makes a small disk larger or smaller. */
export function resizeDisk(path: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, path]);
}

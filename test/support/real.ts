import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Options for a test that needs a real part (a program, a daemon) this machine may lack:
 * `test('…', real('sshd', program('sshd') !== undefined), async (t) => …)`.
 * With `REQUIRE_REAL=1` a missing part throws, which fails the test file, instead of skipping the test.
 */
export function real(name: string, isPresent: boolean | (() => boolean)): { skip: string | false } {
  const present = typeof isPresent === 'function' ? isPresent() : isPresent;
  if (present) return { skip: false };
  if (process.env.REQUIRE_REAL === '1') throw new Error(`REQUIRE_REAL=1, but this machine has no ${name}`);
  return { skip: `no ${name} on this machine` };
}

/** The path of an executable program, or undefined; daemons live where a user's PATH often does not look. */
export function program(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const LOOK_MS = 2_000;

/**
 * Waits until no other process works in a user directory, and keeps it for this one until its end: a cluster may start a second
 * task on a host before the first has ended, and both would send the same. The kernel keeps the lock, over containers as well,
 * and gives it back however a process ends. `say` is told once that it waits. Where no lock can be had, it goes on without.
 */
export async function onlyOne(root, userDir, say) {
  const { ClassicLevel } = createRequire(join(root, 'package.json'))('classic-level');
  const path = join(userDir, 'infra-monitoring/instance');
  for (let looks = 0; ; looks += 1) {
    const lock = new ClassicLevel(path, { passive: true });
    try {
      await lock.open({ passive: false });
      process.once('exit', () => void lock.close());
      return;
    } catch (error) {
      if (error.cause?.code !== 'LEVEL_LOCKED') {
        say(`Whether another monitor works in ${userDir} cannot be known: ${error.cause?.message ?? error.message}`);
        return;
      }
      if (looks === 0) say(`Another monitor works in ${userDir}: this one waits until that has ended`);
      await wait(LOOK_MS);
    }
  }
}

import { accessSync, constants, renameSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** How often it is said. `health.sh` of the image takes a word of up to four of them for a new one. */
const BEAT_MS = 5_000;

/**
 * Says in `file`, for a health check that needs neither a log-in nor a port: `<seconds since the boot> ok`, or a sentence
 * instead of `ok`. It is written as long as the event loop turns, and from the first start of the flows on: flows that
 * cannot start are no monitor. Graylog has no part in it, as records wait on disk while that is away. `userDir` is where
 * they wait.
 */
export function keepHealth(events, userDir, file) {
  rmSync(file, { force: true });
  const beat = () => {
    try {
      writeFileSync(`${file}.new`, `${Math.floor(uptime())} ${faultOf(userDir) ?? 'ok'}\n`);
      renameSync(`${file}.new`, file);
    } catch {
      // A word that cannot be written grows old.
    }
  };
  events.once('flows:started', () => {
    beat();
    setInterval(beat, BEAT_MS).unref();
  });
}

/** A full disk is none: ending the monitor would not mend it, and nobody would be told. */
function faultOf(userDir) {
  try {
    accessSync(userDir, constants.W_OK);
    return undefined;
  } catch (error) {
    return `nothing can be kept in ${userDir}: ${error.code}`;
  }
}

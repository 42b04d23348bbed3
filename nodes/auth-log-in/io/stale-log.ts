import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { newestArguments } from '../journal/arguments.ts';
import { cursorMicros } from '../journal/cursor.ts';
import { hasJournal } from './find-log.ts';
import { findJournalFolders } from './journal/files.ts';

/** A syslog daemon writes what journald has within seconds. In ms. */
const STALE_MS = 3_600_000;
/** How long journalctl may take for one entry, in ms. */
const DEADLINE_MS = 15_000;

const run = promisify(execFile);

/**
 * When the file was last written, in ms since the epoch, where nobody writes it any more though the host's journal has newer
 * entries about authentication: on a host that was upgraded to the journal alone, the file stays. Undefined for any other, and
 * after `signal`.
 */
export async function staleSince(path: string, hostRoot: string, signal: AbortSignal): Promise<number | undefined> {
  const modifiedMs = await stat(path).then(
    ({ mtimeMs }) => Math.floor(mtimeMs),
    () => undefined,
  );
  if (modifiedMs === undefined || Date.now() - modifiedMs < STALE_MS || !hasJournal(hostRoot)) return undefined;
  const newestMs = await newestEntryMs(hostRoot, signal);
  return newestMs !== undefined && newestMs - modifiedMs > STALE_MS ? modifiedMs : undefined;
}

/** The time of the journal's newest entry about authentication, in ms since the epoch. Undefined where none can be seen. */
async function newestEntryMs(hostRoot: string, signal: AbortSignal): Promise<number | undefined> {
  const { machineId } = await findJournalFolders(hostRoot);
  try {
    const options = { signal, timeout: DEADLINE_MS, killSignal: 'SIGKILL' as const, maxBuffer: 1024 * 1024 };
    const { stdout } = await run('journalctl', newestArguments({ hostRoot, machineId }), options);
    const micros = cursorMicros(/^__CURSOR=(.*)$/m.exec(stdout)?.[1]);
    return micros === undefined ? undefined : micros / 1000;
  } catch {
    return undefined;
  }
}

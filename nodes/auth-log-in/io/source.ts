import { join } from 'node:path';
import { withTimeout } from '../../../lib/io/timeout.ts';
import { wait } from '../../../lib/io/wait.ts';
import { positionMicros } from '../journal/position.ts';
import { FileSource } from './file-source.ts';
import { findLog, hasJournal, isHostFile } from './find-log.ts';
import { JournalSource } from './journal-source.ts';
import { readToMs } from './read-to.ts';
import { type FoundCheckpoint, findCheckpoint } from './source-checkpoint.ts';
import type { LogReader, SourceOptions } from './source-options.ts';
import { staleSince } from './stale-log.ts';

/** How often to look for a log where there is none at all, in ms. */
const SEARCH_MS = 2000;
/** How often to look whether somebody still writes the file, in ms. */
const CHECK_MS = 600_000;
/** How long a stop waits for a look at a file: one on a disk that hangs never ends. */
const STOP_MS = 2000;
const JOURNAL = 'journal';

/** Opens the log of the settings, or the one that the host has, and hands on its records. Reports, never throws. */
export class Source implements LogReader {
  readonly #options: SourceOptions;
  readonly #stop = new AbortController();
  readonly #opened: Promise<void>;
  #reader: LogReader | undefined;
  #isPaused = false;

  /** Begins at once. */
  constructor(options: SourceOptions) {
    this.#options = options;
    this.#opened = this.#run();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#reader?.pause(isPaused);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await withTimeout(this.#opened, STOP_MS, () => undefined);
    await this.#reader?.stop();
  }

  async #run(): Promise<void> {
    const { settings } = this.#options;
    try {
      const found = findCheckpoint(this.#options.state);
      const log = settings.file ?? (await this.#search(found));
      if (log === undefined) return;
      await this.#openReader(log, found);
      if (log !== JOURNAL) await this.#watch(log);
    } catch (error) {
      this.#options.onStatus('fault', 'status.failed', {}, error);
    }
  }

  /** The log that the host has, once it has one. A journal that was read before is read on. Undefined after a stop. */
  async #search({ saved }: FoundCheckpoint): Promise<string | undefined> {
    const { hostRoot, onStatus, onWarning } = this.#options;
    const { signal } = this.#stop;
    if (saved !== undefined && 'journal' in saved && hasJournal(hostRoot)) return JOURNAL;
    while (!signal.aborted) {
      const log = findLog(hostRoot);
      if (log === JOURNAL) return log;
      if (log !== undefined) {
        const staleMs = await staleSince(log, hostRoot, signal);
        if (signal.aborted || staleMs === undefined) return signal.aborted ? undefined : log;
        onWarning('warning.left', { log, time: new Date(staleMs).toISOString() });
        return JOURNAL;
      }
      onStatus('fault', 'status.none', { folder: join(hostRoot, 'var/log') });
      await wait(SEARCH_MS, signal);
    }
    return undefined;
  }

  async #openReader(log: string, { saved, lost }: FoundCheckpoint): Promise<void> {
    const { hostRoot, settings, onStatus } = this.#options;
    try {
      if (log === JOURNAL) {
        const sinceMs = saved !== undefined && 'file' in saved ? await readToMs(saved.file, settings.zone) : undefined;
        const found = saved !== undefined && 'file' in saved ? { saved: undefined, sinceMs } : { saved, lost };
        if (this.#stop.signal.aborted) return;
        this.#begin(new JournalSource({ ...this.#options, found }));
      } else if (saved !== undefined && 'journal' in saved && isHostFile(hostRoot, log)) {
        const sinceMs = (positionMicros(saved.journal) ?? 0) / 1000;
        const onRecords = recordsSince(sinceMs, this.#options.onRecords);
        this.#begin(new FileSource({ ...this.#options, onRecords, found: { saved: undefined, sinceMs } }, log));
      } else this.#begin(new FileSource({ ...this.#options, found: { saved, lost } }, log));
    } catch (error) {
      onStatus('fault', 'status.unreadable', { log }, error);
    }
  }

  #begin(reader: LogReader): void {
    this.#reader = reader;
    reader.pause(this.#isPaused);
  }

  /** Looks now and then whether somebody still writes the file. Where the host chose it, the journal takes its place. */
  async #watch(log: string): Promise<void> {
    const { settings, hostRoot, onWarning, checkMs = CHECK_MS } = this.#options;
    const { signal } = this.#stop;
    if (!isHostFile(hostRoot, log)) return;
    // The host's choice was looked at already.
    if (settings.file === undefined) await wait(checkMs, signal);
    while (!signal.aborted) {
      const staleMs = await staleSince(log, hostRoot, signal);
      if (signal.aborted) return;
      if (staleMs !== undefined) {
        const isChosen = settings.file !== undefined;
        onWarning(isChosen ? 'warning.stale' : 'warning.left', { log, time: new Date(staleMs).toISOString() });
        if (!isChosen) await this.#leaveFile(staleMs);
        return;
      }
      await wait(checkMs, signal);
    }
  }

  /** Goes on in the journal where the file ends, which was last written at `staleMs` (ms since the epoch). */
  async #leaveFile(staleMs: number): Promise<void> {
    const { settings, state } = this.#options;
    await this.#reader?.stop();
    const { saved } = findCheckpoint(state);
    const readMs = saved !== undefined && 'file' in saved ? await readToMs(saved.file, settings.zone) : undefined;
    const found = { saved: undefined, sinceMs: Math.min(readMs ?? staleMs, staleMs) };
    if (this.#stop.signal.aborted) return;
    const following = { ...settings, start: 'checkpoint' as const };
    this.#begin(new JournalSource({ ...this.#options, settings: following, found }));
  }
}

/** Leaves out the records from before `sinceMs` (ms since the epoch), up to the first that is not: another log had them. */
function recordsSince(sinceMs: number, onRecords: SourceOptions['onRecords']): SourceOptions['onRecords'] {
  const since = new Date(sinceMs - 1000).toISOString();
  let isReached = false;
  return (records) => {
    const from = isReached ? 0 : records.findIndex(({ time }) => time >= since);
    isReached ||= from >= 0;
    if (from >= 0) onRecords(from === 0 ? records : records.slice(from));
  };
}

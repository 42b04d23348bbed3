import { join } from 'node:path';
import { wait } from '../../../lib/io/wait.ts';
import { FileSource } from './file-source.ts';
import { findLog } from './find-log.ts';
import { JournalSource } from './journal-source.ts';
import type { LogReader, SourceOptions } from './source-options.ts';

/** How often to look for a log where there is none at all, in ms. */
const SEARCH_MS = 2000;

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
    this.#opened = this.#open();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#reader?.pause(isPaused);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#opened;
    await this.#reader?.stop();
  }

  #openReader(log: string): void {
    try {
      this.#reader = log === 'journal' ? new JournalSource(this.#options) : new FileSource(this.#options, log);
      this.#reader.pause(this.#isPaused);
    } catch (error) {
      this.#options.onStatus('fault', 'status.unreadable', { log }, error);
    }
  }

  async #open(): Promise<void> {
    const { settings, hostRoot, onStatus } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const log = settings.file ?? findLog(hostRoot);
      if (log !== undefined) {
        this.#openReader(log);
        return;
      }
      onStatus('fault', 'status.none', { folder: join(hostRoot, 'var/log') });
      await wait(SEARCH_MS, signal);
    }
  }
}

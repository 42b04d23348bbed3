import { join } from 'node:path';
import { sendInBatches } from '../../../lib/io/event-loop.ts';
import type { AuthCheckpoint } from '../checkpoint.ts';
import { createLineReader } from '../message/record.ts';
import { findJournal } from './find-log.ts';
import { JournalReader } from './journal/reader.ts';
import { openCheckpoint, type SourceCheckpoint } from './source-checkpoint.ts';
import type { LogReader, SourceOptions } from './source-options.ts';

const LOG = { log: 'journal' };

/** Turns the entries of the systemd journal into records. */
export class JournalSource implements LogReader {
  readonly #checkpoint: SourceCheckpoint<AuthCheckpoint>;
  readonly #reader: JournalReader;

  constructor(options: SourceOptions) {
    const { host, hostRoot, settings } = options;
    const { saved, lostSinceMs, checkpoint } = openCheckpoint(options, LOG.log);
    const records = createLineReader({ host, zone: settings.zone, rawLine: settings.rawLine });
    this.#checkpoint = checkpoint;
    this.#reader = new JournalReader({
      folder: hostRoot === '/' ? undefined : (findJournal(hostRoot) ?? join(hostRoot, 'var/log/journal')),
      start: settings.start,
      saved: saved !== undefined && 'journal' in saved ? saved.journal : undefined,
      lostSinceMs,
      async onEntries(entries, position) {
        await sendInBatches(entries, options.perTurn, (part) => {
          const all = part.map(({ header, id, origin }) => ({
            ...records.fromEntry(header, id, Date.now()),
            ...origin,
          }));
          options.onRecords(all.filter(settings.isWanted));
        });
        checkpoint.reached({ journal: position });
        options.onStatus('ok', 'status.following', LOG);
      },
      onPosition: (position) => checkpoint.begin({ journal: position }),
      onFollowing: () => options.onStatus('ok', 'status.following', LOG),
      onFault: (error) => options.onStatus('fault', 'status.unreadable', LOG, error),
    });
  }

  pause(isPaused: boolean): void {
    this.#reader.pause(isPaused);
  }

  async stop(): Promise<void> {
    await this.#reader.stop();
    await this.#checkpoint.close();
  }
}

import { sendInBatches } from '../../../lib/io/event-loop.ts';
import type { AuthCheckpoint } from '../checkpoint.ts';
import { ConnectionMemory } from '../connections/memory.ts';
import { createLineReader } from '../message/record.ts';
import { type FoundJournal, JournalReader } from './journal/reader.ts';
import { openCheckpoint, type SourceCheckpoint } from './source-checkpoint.ts';
import type { LogReader, SourceOptions } from './source-options.ts';

const LOG = { log: 'journal' };

/** Turns the entries of the systemd journal into records. */
export class JournalSource implements LogReader {
  readonly #checkpoint: SourceCheckpoint<AuthCheckpoint>;
  readonly #reader: JournalReader;
  readonly #options: SourceOptions;
  /** The group whose members see all of the journal, where this process does not. */
  #deniedTo: string | undefined;
  #isEmpty = false;

  constructor(options: SourceOptions) {
    this.#options = options;
    const { host, hostRoot, settings } = options;
    const { saved, lostSinceMs, checkpoint } = openCheckpoint(options, LOG.log);
    const records = createLineReader({ host, zone: settings.zone, rawLine: settings.rawLine });
    const connections = new ConnectionMemory(saved?.connections);
    this.#checkpoint = checkpoint;
    this.#reader = new JournalReader({
      hostRoot,
      start: settings.start,
      saved: saved !== undefined && 'journal' in saved ? saved.journal : undefined,
      lostSinceMs,
      onEntries: async (entries, position) => {
        checkpoint.moves();
        await sendInBatches(entries, options.perTurn, (part) => {
          const all = part.map(({ header, id, known }) => {
            const record = records.fromEntry(header, id, Date.now(), known);
            // Who may write what he likes must not be joined to a connection of somebody else's.
            if (known.trust !== 'none') connections.noteEntry(record, records.fields);
            return record;
          });
          options.onRecords(all.filter(settings.isWanted));
        });
        checkpoint.reached(() => ({ journal: position, connections: connections.save() }));
        this.#isEmpty = false;
        this.#report();
      },
      onPosition: (position) => checkpoint.begin({ journal: position, connections: connections.save() }),
      onBegin: (found) => this.#begin(found),
      onFollowing: () => this.#report(),
      ...(options.checkMs === undefined ? {} : { lookMs: options.checkMs }),
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

  /** Says once what the user who runs Node-RED cannot see. */
  #begin({ deniedTo, isEmpty }: FoundJournal): void {
    this.#isEmpty = isEmpty;
    if (deniedTo !== undefined && deniedTo !== this.#deniedTo)
      this.#options.onWarning('warning.ownEntries', { ...LOG, group: deniedTo });
    this.#deniedTo = deniedTo;
  }

  #report(): void {
    if (this.#isEmpty) this.#options.onStatus('idle', 'status.emptyJournal', LOG);
    else if (this.#deniedTo === undefined) this.#options.onStatus('ok', 'status.lines', LOG);
    else this.#options.onStatus('warning', 'status.ownEntries', { ...LOG, group: this.#deniedTo });
  }
}
